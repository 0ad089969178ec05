import type { Output } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded, Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useQuery } from '@tanstack/react-query';
import { useProgramme } from '../../app/programme.ts';
import { Meter } from '../../design/meter.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { tierQuery } from './query.ts';
import { words } from './words.ts';

type MemberTier = Output<'getMemberTier'>;

/** The member's tier of the programme: how long it is theirs, what it gives, and how far the next one is. */
export default function TierPage() {
  const t = useWords(words);
  const programme = useProgramme();
  return (
    <Page title={t.title} {...(programme && { about: t.of(programme.name) })} up="~/m/">
      {programme === undefined ? <Skeleton rows={6} /> : <Tier programme={programme.code} />}
    </Page>
  );
}

function Tier({ programme }: { readonly programme: string }) {
  const t = useWords(words);
  const query = useQuery(tierQuery(programme));
  return (
    <Loaded query={query} rows={8}>
      {(tier) =>
        tier.tier === null && tier.next === null ? (
          <Empty title={t.none}>{t.noneAbout}</Empty>
        ) : (
          <>
            <Now tier={tier} />
            <Next tier={tier} />
            <Benefits tier={tier} />
          </>
        )
      }
    </Loaded>
  );
}

function Now({ tier }: { readonly tier: MemberTier }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  return (
    <Card>
      <p className="hm-figure">{tier.name ?? t.noTier}</p>
      <p className="hm-soft">
        {[
          ...(tier.since === null ? [] : [t.since(f.day(tier.since, zone))]),
          ...(tier.until === null ? [] : [t.until(f.date(tier.until.slice(0, 10)))]),
          ...(tier.given === null ? [] : [t.given(f.date(tier.given.until.slice(0, 10)))]),
        ].join(' · ')}
      </p>
      {tier.losing ? <Notice tone="warn" title={t.losing} /> : null}
    </Card>
  );
}

function Next({ tier: { next, window } }: { readonly tier: MemberTier }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  if (next === null)
    return (
      <Card>
        <strong>{t.top}</strong>
      </Card>
    );
  const amount = (measure: (typeof next.measures)[number]['measure'], value: number): string =>
    measure === 'spendFen'
      ? f.money(value)
      : measure === 'visits'
        ? t.times(f.number(value))
        : f.number(value);
  return (
    <Card title={t.next(next.name)}>
      <div className="hm-stack">
        {next.measures.length > 1 ? (
          <p className="hm-soft">{next.match === 'any' ? t.any : t.all}</p>
        ) : null}
        {next.measures.map(({ measure, done, needed, missing }) => (
          <Meter
            key={measure}
            label={t[measure]}
            value={`${amount(measure, done)} / ${amount(measure, needed)}`}
            note={missing > 0 ? t.missing(amount(measure, missing)) : t.reached}
            share={done / needed}
          />
        ))}
        <p className="hm-soft">{t.window(f.day(window.from, zone), f.day(window.until, zone))}</p>
      </div>
    </Card>
  );
}

function Benefits({ tier: { tier, benefits, services } }: { readonly tier: MemberTier }) {
  const t = useWords(words);
  const f = useFormat();
  if (tier === null) return null;
  const perks = [
    ...(benefits?.exclusiveRewards ? [t.exclusive] : []),
    ...(benefits?.priorityMinutes ? [t.priority(f.number(benefits.priorityMinutes))] : []),
  ];
  return (
    <Card title={t.benefits} flush>
      <Rows>
        {perks.map((each) => (
          <Row key={each} title={each} />
        ))}
        {services.map(({ code, name, per, left, quota }) => (
          <Row
            key={code}
            title={name}
            about={t[per]}
            value={t.left(f.number(left), f.number(quota))}
          />
        ))}
        {perks.length + services.length === 0 ? <Row title={t.perks} /> : null}
      </Rows>
    </Card>
  );
}
