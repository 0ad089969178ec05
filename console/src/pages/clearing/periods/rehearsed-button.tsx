import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useMay } from '../../../app/session.ts';
import { FailureAlert } from '../../../design/failure-shown.tsx';
import { useAsk } from '../../../design/notices.tsx';

/** Makes something of a period. Rehearsed first, so that the person who is asked knows what comes of it. */
export function RehearsedButton<Found>({
  label,
  title,
  rehearse,
  about,
  make,
  touches,
}: {
  readonly label: string;
  readonly title: string;
  readonly rehearse: (idempotencyKey: string) => Promise<Found>;
  /** What would come of it, in words. */
  readonly about: (found: Found) => ReactNode;
  readonly make: (idempotencyKey: string) => Promise<unknown>;
  readonly touches: readonly QueryKey[];
}) {
  const may = useMay();
  const ask = useAsk();
  const rehearsal = useWrite((_: null, idempotencyKey) => rehearse(idempotencyKey));
  const write = useWrite((_: null, idempotencyKey) => make(idempotencyKey), { touches });
  if (!may('clearing:write')) return null;

  async function begin(): Promise<void> {
    write.clear();
    const found = await rehearsal.send(null);
    if (found !== undefined && (await ask({ title, about: about(found) }))) await write.send(null);
  }

  const failure = rehearsal.failure ?? write.failure;
  return (
    <>
      <Button loading={rehearsal.isSending || write.isSending} onClick={() => void begin()}>
        {label}
      </Button>
      {failure === undefined ? null : <FailureAlert failure={failure} />}
    </>
  );
}
