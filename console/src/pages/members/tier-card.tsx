import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { failureOf, isAbsent } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts } from '../../design/page.tsx';
import { Progress } from '../../design/progress.tsx';
import { Tag } from '../../design/tag.tsx';
import { words } from './words.ts';

type Tier = components['schemas']['MemberTier'];
type Measure = NonNullable<Tier['next']>['measures'][number];

/** The tier of a member in the programme that is looked at, or in the merchant's own, and what is missing to the next one. */
export function TierCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  const query = useQuery({
    queryKey: ['member', id, 'tier', programme],
    queryFn: ({ signal }) =>
      hongmi.getMemberTier({ id, ...(programme && { programme }) }, { signal }),
    enabled: programme !== undefined,
  });
  const isOff = query.error !== null && isAbsent(failureOf(query.error));
  return (
    <Card title={t.tier}>
      {isOff ? (
        <Empty title={t.tierOff} />
      ) : (
        <Loaded query={query} rows={3}>
          {(tier) => <TierShown tier={tier} />}
        </Loaded>
      )}
    </Card>
  );
}

function TierShown({ tier: { name, until, losing, next } }: { readonly tier: Tier }) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <div className="hm-stack">
      {name === null ? (
        <Empty title={t.tierNone}>{t.tierNoneWhy}</Empty>
      ) : (
        <Facts
          rows={[
            [
              t.tier,
              <span key="tier">
                <Tag tone="brand">{name}</Tag>{' '}
                {losing ? <Tag tone="warn">{t.tierLosing}</Tag> : null}
              </span>,
            ],
            [t.tierUntil, until === null ? undefined : f.date(until)],
          ]}
        />
      )}
      {next === null ? null : (
        <div>
          <div className="hm-soft">
            {t.tierNext} {next.name}
          </div>
          {next.measures.map((each) => (
            <MeasureShown key={each.measure} measure={each} />
          ))}
        </div>
      )}
    </div>
  );
}

function MeasureShown({
  measure: { measure, done, needed, missing },
}: {
  readonly measure: Measure;
}) {
  const t = useWords(words);
  const f = useFormat();
  const left = measure === 'spendFen' ? f.money(missing) : f.number(missing);
  const share = needed === 0 ? 1 : Math.min(1, done / needed);
  return <Progress label={`${t.tierMissing[measure](left)} ·`} share={share} />;
}
