import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { RightOutline } from 'antd-mobile-icons';
import { Link } from 'wouter';
import { hongmi, ME } from '../../app/api.ts';
import type { Balance } from '../../app/balances.ts';
import { lastMoment } from '../../app/clock.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { useSaid as useNamed } from '../../app/said.ts';
import { usePointsText } from '../../design/values.tsx';
import { tierQuery } from '../tier/query.ts';
import { type NextThing, nextThing } from './next-thing.ts';
import { words } from './words.ts';

/** Rewards among which the next one is looked for. */
const OFFERS = 50;

/** The next good thing to do. What cannot be read is left out of it rather than in its way. */
export function NextCard({ balances }: { readonly balances: readonly Balance[] | undefined }) {
  const t = useWords(words);
  const programme = useProgramme();
  const code = programme?.code ?? '';
  const isKnown = programme !== undefined;
  const tier = useQuery({ ...tierQuery(code), enabled: isKnown });
  const offers = useQuery({
    queryKey: ['offers', code, OFFERS],
    queryFn: ({ signal }) =>
      hongmi.listMemberRewards({ ...ME, programme: code, limit: OFFERS }, { signal }),
    enabled: isKnown,
  });
  if (programme === undefined || balances === undefined || tier.isLoading || offers.isLoading)
    return (
      <div className="hm-next">
        <Skeleton rows={2} />
      </div>
    );
  const thing = nextThing({
    balances,
    offers: offers.data?.items ?? [],
    tier: tier.data,
    now: Date.now() + programme.aheadMs,
  });
  // Who cannot be told what there is is not told that there is nothing.
  if (thing.kind === 'begin' && offers.data === undefined) return null;
  return <Said label={t.next} thing={thing} timeZone={programme.timeZone} />;
}

function Said({
  label,
  thing,
  timeZone,
}: {
  readonly label: string;
  readonly thing: NextThing;
  readonly timeZone: string;
}) {
  const { href, title, about } = useSaid(thing, timeZone);
  return (
    <Link className="hm-next" href={href}>
      <span className="hm-row-text">
        <span className="hm-next-label">{label}</span>
        <strong>{title}</strong>
        <span className="hm-row-about">{about}</span>
      </span>
      <RightOutline aria-hidden />
    </Link>
  );
}

function useSaid(
  thing: NextThing,
  timeZone: string,
): { readonly href: string; readonly title: string; readonly about: string } {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  const points = usePointsText();
  const said = useNamed();
  switch (thing.kind) {
    case 'expiring':
      return {
        href: '/rewards?can=now',
        title: t.expiring(
          points(thing.points, thing.pointType),
          typeName(thing.pointType),
          f.day(lastMoment(thing.at), timeZone),
        ),
        about: t.expiringAbout,
      };
    case 'tier': {
      const missing =
        thing.measure === 'spendFen'
          ? t.spendFen(f.money(thing.missing))
          : t[thing.measure](f.number(thing.missing));
      return {
        href: '/tier',
        title: t.tier(missing, thing.tier),
        about: t.tierUntil(f.day(thing.until, timeZone)),
      };
    }
    case 'reward':
      return {
        href: `/rewards/${thing.rewardId}`,
        title: t.reward(said(thing.name)),
        about: t.rewardAbout,
      };
    case 'nearly':
      return {
        href: `/rewards/${thing.rewardId}`,
        title: t.nearly(
          points(thing.missing, thing.pointType),
          typeName(thing.pointType),
          said(thing.name),
        ),
        about: t.nearlyAbout,
      };
    case 'begin':
      return { href: '/code', title: t.begin, about: t.beginAbout };
  }
}
