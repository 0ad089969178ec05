import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { SessionTable } from './session-table.tsx';
import { words } from './words.ts';

const KEY = ['own-sessions'];

export function SessionsCard() {
  const t = useWords(words);
  const message = useMessage();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => hongmi.listSessions({}, { signal }),
  });
  const end = useWrite(
    (asked: { readonly id: string }, idempotencyKey) =>
      hongmi.endSession(asked, { idempotencyKey }),
    { touches: [KEY], done: () => void message.success(t.ended) },
  );
  return (
    <Card title={t.sessions} flush>
      <p className="hm-card-body">{t.sessionsAbout}</p>
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <SessionTable
            items={items}
            isSending={end.isSending}
            end={(id) => void end.send({ id })}
          />
        )}
      </Loaded>
      {end.failure === undefined ? null : <FailureAlert failure={end.failure} />}
    </Card>
  );
}
