import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { lastMoment } from '../../app/clock.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Timeline } from '../../design/timeline.tsx';
import { Money, Points } from '../../design/values.tsx';
import { type Case, CaseTag } from './case-row.tsx';
import { caseWords } from './case-words.ts';
import { OurPromise } from './promise.tsx';
import { words } from './words.ts';

// What asks before it does something weighs more than all that is read here.
const MemberSteps = laterPart(() => import('./member-steps-card.tsx'), 'MemberSteps');

/** Points on their way back arrive by themselves. */
const SETTLING_MS = 2_000;

/** A case: how it stands and until when, what the member can do, what goes back, and what happened. */
export function CasePage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['cases', id],
    queryFn: ({ signal }) => hongmi.getAfterSalesCase({ id }, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'settling' ? SETTLING_MS : false),
  });
  return (
    <Page title={t.one} up="~/m/after-sales">
      <Loaded query={query} rows={10}>
        {(one) => (
          <>
            <How one={one} />
            <MemberSteps one={one} />
            <Back one={one} />
            <What one={one} />
            <History one={one} />
            <OurPromise />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface About {
  readonly one: Case;
}

function How({ one: { name, state, dueAt } }: About) {
  const t = useWords(words);
  const { now } = useWords(caseWords);
  const f = useFormat();
  const said = useSaid();
  const zone = useProgramme()?.timeZone;
  return (
    <Card>
      <div className="hm-card-name">
        <strong>{said(name)}</strong>
        <CaseTag state={state} />
      </div>
      <p className="hm-soft">{now[state]}</p>
      {dueAt === null ? null : <Facts rows={[[t.dueAt, f.day(lastMoment(dueAt), zone)]]} />}
    </Card>
  );
}

function What({ one }: About) {
  const t = useWords(words);
  const f = useFormat();
  const { kinds, reasons, remedies } = useWords(caseWords);
  const said = useSaid();
  const { kind, reason, note, remedy, places, redemptionId, name } = one;
  return (
    <Card flush>
      <Rows>
        <Row href={`~/m/redemptions/${redemptionId}`} title={said(name)} about={t.about} />
      </Rows>
      <div className="hm-details">
        <Facts
          rows={[
            [t.asks, kinds[kind]],
            [t.because, reasons[reason]],
            [t.units, t.nth(f.list(places.map((place) => f.number(place + 1))))],
            [t.said, note],
            [t.remedy, remedy === null ? null : remedies[remedy]],
          ]}
        />
      </div>
    </Card>
  );
}

function Back({ one: { back, compensation, cashFen } }: About) {
  const t = useWords(words);
  const typeName = usePointTypeName();
  if (back.length + compensation.length + cashFen === 0) return null;
  const rows = (paid: Case['back'], named: (type: string) => string) =>
    paid.map(
      ({ pointType, points }) =>
        [
          named(typeName(pointType)),
          <Points key={pointType} value={points} type={pointType} />,
        ] as const,
    );
  return (
    <Card title={t.back}>
      <Facts
        rows={[
          ...rows(back, (type) => type),
          ...rows(compensation, (type) => `${t.compensation} · ${type}`),
          [t.cash, cashFen === 0 ? null : <Money key="cash" fen={cashFen} />],
        ]}
      />
      <p className="hm-soft">{t.backAbout}</p>
    </Card>
  );
}

function History({ one: { history } }: About) {
  const t = useWords(words);
  const { steps, refusals } = useWords(caseWords);
  const stepWords: Readonly<Record<string, string>> = steps;
  const events = history.map(({ step, at, reason, note }) => ({
    ...{ key: `${at} ${step}`, at, title: stepWords[step] ?? step },
    note:
      [
        ...(reason === null ? [] : [t.refusedFor(refusals[reason])]),
        ...(note === null ? [] : [note]),
      ].join(' · ') || null,
  }));
  return (
    <Card title={t.history}>
      <Timeline events={events} />
    </Card>
  );
}
