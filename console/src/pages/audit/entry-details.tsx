import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import { Facts } from '../../design/page.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { Code, CopyButton } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

export type Entry = components['schemas']['AuditEntry'];
type Outcome = NonNullable<Entry['outcome']>;
export type Result = Outcome['result'] | 'unknown';

export const RESULTS: readonly Result[] = ['done', 'refused', 'failed', 'unknown'];
const TONES: Readonly<Record<Result | 'pending', Tone>> = {
  done: 'good',
  refused: 'warn',
  failed: 'bad',
  unknown: 'info',
  pending: 'info',
};

/** Nothing takes longer; what has no outcome by then was never told of. */
const PENDING_MS = 60_000;

/** What came of it, as far as that is known: the reading of this very list is under way itself. */
export function resultOf({ outcome, at }: Entry): Result | 'pending' {
  if (outcome !== null) return outcome.result;
  return Date.now() - Date.parse(at) < PENDING_MS ? 'pending' : 'unknown';
}

export function ResultTag({ entry }: { readonly entry: Entry }) {
  const t = useWords(words);
  const result = resultOf(entry);
  return <Tag tone={TONES[result]}>{t.outcomes[result]}</Tag>;
}

/** What of an entry does not fit in a row. */
export function EntryDetails({ entry }: { readonly entry: Entry }) {
  const t = useWords(words);
  const f = useFormat();
  const { outcome } = entry;
  return (
    <>
      {outcome === null ? <p className="hm-soft">{t.unknownWhy}</p> : null}
      {outcome?.problem ? <Refusal code={outcome.problem} /> : null}
      <Facts
        rows={[
          [t.operation, <Code key="operation">{entry.operation}</Code>],
          [t.subject, entry.about.length === 0 ? null : <Ids key="about" ids={entry.about} />],
          [t.made, outcome?.made ? <Ids key="made" ids={[outcome.made]} /> : null],
          [
            t.merchant,
            entry.merchantId === null ? null : <Merchant key="merchant" id={entry.merchantId} />,
          ],
          [t.address, <Code key="address">{entry.address}</Code>],
          [t.userAgent, entry.userAgent],
          [t.request, <Code key="request">{entry.requestId}</Code>],
          [t.status, outcome === null ? null : String(outcome.status)],
          [
            t.took,
            outcome === null
              ? null
              : t.milliseconds(f.number(Date.parse(outcome.at) - Date.parse(entry.at))),
          ],
        ]}
      />
    </>
  );
}

function Refusal({ code }: { readonly code: string }) {
  const said = useRefusalWords({ code, title: code });
  return (
    <p>
      {said} <Code>{code}</Code>
    </p>
  );
}

function Ids({ ids }: { readonly ids: readonly string[] }) {
  return ids.map((id) => (
    <span key={id}>
      <Code>{id}</Code>
      <CopyButton text={id} />{' '}
    </span>
  ));
}
