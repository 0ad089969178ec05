import type { components } from '@hongmi/sdk';
import { deviceOf } from '@hongmi/ui/device.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { ask } from '../../design/ask.ts';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { words } from './words.ts';

type Session = components['schemas']['MemberSession'];

/** Where the member is signed in; any of it can be ended from here. */
export function SessionsPage() {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => hongmi.listMySessions({}, { signal }),
  });
  const end = useWrite((id: string) => hongmi.endMySession({ id }), { touches: [['sessions']] });
  const endIt = async (id: string): Promise<void> => {
    const isSure = await ask({
      content: t.endAsk,
      confirmText: t.end,
      cancelText: t.cancel,
    });
    if (isSure) await end.send(id);
  };
  return (
    <Page title={t.sessions} up="~/m/settings">
      {end.failure === undefined ? null : <FailureShown failure={end.failure} />}
      <Loaded query={query} rows={5}>
        {({ items }) => (
          <Card flush>
            <Rows label={t.sessions}>
              {items.map((each) => (
                <SessionRow key={each.id} session={each} end={() => void endIt(each.id)} />
              ))}
            </Rows>
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

function SessionRow({ session, end }: { readonly session: Session; readonly end: () => void }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  return (
    <Row
      title={deviceOf(session.userAgent) ?? t.unknownDevice}
      about={`${t.begun(f.day(session.begunAt, zone))} · ${t.seen(f.relative(session.seenAt))}`}
      value={
        session.current ? (
          <span className="hm-tag" data-tone="good">
            {t.current}
          </span>
        ) : (
          <Button size="small" onClick={end}>
            {t.end}
          </Button>
        )
      }
    />
  );
}
