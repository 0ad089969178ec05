import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { lastMoment } from '../../app/clock.ts';
import { useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Row } from '../../design/row.tsx';
import { caseWords } from './case-words.ts';
import { words } from './words.ts';

export type Case = components['schemas']['AfterSalesCase'];
export type CaseState = Case['state'];

const TONES: Partial<Record<CaseState, 'good' | 'warn' | 'bad'>> = {
  accepted: 'warn',
  refused: 'bad',
  dismissed: 'bad',
  refunded: 'good',
  exchanged: 'good',
  mended: 'good',
};

/** How a case stands, in a word or two. */
export function CaseTag({ state }: { readonly state: CaseState }) {
  const { states } = useWords(caseWords);
  return (
    <span className="hm-tag" data-tone={TONES[state]}>
      {states[state]}
    </span>
  );
}

/** A case: what it is about, and until when somebody has to act. `isNamed`: the place says what it is about already. */
export function CaseRow({
  one,
  isNamed = false,
}: {
  readonly one: Case;
  readonly isNamed?: boolean;
}) {
  const t = useWords(words);
  const { kinds, reasons } = useWords(caseWords);
  const f = useFormat();
  const said = useSaid();
  const zone = useProgramme()?.timeZone;
  const { id, name, kind, reason, state, dueAt } = one;
  const what = `${kinds[kind]} · ${reasons[reason]}`;
  const due = dueAt === null ? [] : [t.due(f.day(lastMoment(dueAt), zone))];
  return (
    <Row
      href={`~/m/after-sales/${id}`}
      title={isNamed ? what : said(name)}
      about={isNamed ? due[0] : [what, ...due].join(' · ')}
      value={<CaseTag state={state} />}
    />
  );
}
