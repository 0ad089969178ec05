import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Figure } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';
import { words } from './words.ts';

type Balance = components['schemas']['Balance'];

/** What a member has of each point type of the programme that is looked at. */
export function BalancesCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const programme = useProgramme();
  const names = usePointTypeNames();
  const query = useQuery({
    queryKey: ['member', id, 'balance'],
    queryFn: ({ signal }) => hongmi.getBalance({ id }, { signal }),
  });
  return (
    <Loaded query={query} rows={3}>
      {({ balances }) => {
        const own = balances.filter((each) => each.programme === programme?.code);
        const used = own.filter(isUsed);
        const shown = used.length === 0 ? own.slice(0, 1) : used;
        const others = own.filter((each) => !shown.includes(each));
        const nameOf = ({ pointType }: Balance): string => names.get(pointType) ?? pointType;
        return (
          <>
            {shown.map((each) => (
              <Card key={each.pointType} title={nameOf(each)}>
                <div className="hm-stack">
                  <div className="hm-figures">
                    <Figure name={t.available} value={<Points value={each.available} />} />
                    <Figure
                      name={t.pending}
                      value={<Points value={each.pending} />}
                      more={
                        each.nextAvailableAt === undefined
                          ? undefined
                          : t.pendingFrom(f.day(each.nextAvailableAt, programme?.timeZone))
                      }
                    />
                    <Figure name={t.held} value={<Points value={each.held} />} />
                    {each.debt === 0 ? null : (
                      <Figure name={t.debt} value={<Points value={each.debt} />} />
                    )}
                  </div>
                  <Facts
                    rows={[
                      [t.earned, <Points key="earned" value={each.lifetimeEarned} />],
                      [t.redeemed, <Points key="redeemed" value={each.lifetimeRedeemed} />],
                      [t.expired, <Points key="expired" value={each.lifetimeExpired} />],
                    ]}
                  />
                </div>
              </Card>
            ))}
            {others.length === 0 ? null : (
              <p className="hm-soft">{t.neverHad(f.list(others.map(nameOf)))}</p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Whether the member ever had any of it. */
function isUsed({
  available,
  pending,
  held,
  debt,
  lifetimeEarned,
  lifetimeExpired,
}: Balance): boolean {
  return [available, pending, held, debt, lifetimeEarned, lifetimeExpired].some(
    (points) => points !== 0,
  );
}
