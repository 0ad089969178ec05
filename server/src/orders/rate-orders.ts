import type { Ledger } from '../ledger/ledger.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import { lastingOf, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { RuleBook } from '../rules/compile.ts';
import { rate } from '../rules/rate.ts';
import type { MemberFacts } from '../rules/rating.ts';
import { sealFacts } from '../rules/sealed-facts.ts';
import type { OrderAward } from './award.ts';
import { type BackingDeps, backLines } from './back-lines.ts';
import type { Candidate, Unrated } from './candidate.ts';
import { type Concern, concernOf } from './concern.ts';
import { withKnownLeft } from './known-left.ts';
import { type FactsOf, occasionOf } from './occasion.ts';
import { noPointsReasonOf } from './order.ts';
import { findRecorded, numberKey } from './record-orders.ts';

export interface RatingDeps extends BackingDeps {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'newId'>;
  readonly programmes: ProgrammeRegistry;
  readonly factsOf: FactsOf;
  readonly sealer: Sealer;
}

interface Ruling {
  readonly book: RuleBook;
  readonly concern: Concern;
}

/**
 * Rates what of a batch rules are in force for. Whoever came earlier in the batch is an earlier order; who
 * is not here yet is told from later ones by limits in the ledger.
 */
export async function rateOrders(
  deps: RatingDeps,
  told: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const candidates = await backLines(deps, told);
  const unrated = candidates.filter(({ unrated: task, refusal }) => task !== null && !refusal);
  if (unrated.length === 0) return candidates;
  const rulings = new Map<Candidate, Ruling>();
  for (const each of unrated) {
    if (each.unrated === null) continue;
    const book = await each.unrated.book;
    const concern = concernOf(book, each.unrated.at, each.order.merchant);
    if (concern !== 'none') rulings.set(each, { book, concern });
  }
  const facts = await factsFor(deps, candidates, rulings);
  return candidates.map((each) => {
    const ruling = rulings.get(each);
    if (ruling === undefined || each.unrated === null) return each;
    return rateOrder(
      deps,
      { ...each, unrated: each.unrated },
      ruling.book,
      facts.get(each) ?? null,
    );
  });
}

/** The facts of those whose rules ask for them: a few statements side by side, however many they are. */
async function factsFor(
  deps: RatingDeps,
  candidates: readonly Candidate[],
  rulings: ReadonlyMap<Candidate, Ruling>,
): Promise<Map<Candidate, MemberFacts>> {
  const { pool, factsOf } = deps;
  const facts = new Map<Candidate, MemberFacts>();
  const asking = candidates.filter((each) => rulings.get(each)?.concern === 'member');
  if (asking.length === 0) return facts;
  // What is recorded already is answered as it was then, and is no earlier order of this batch. That is seldom, so
  // that nobody waits for it before asking for facts.
  const open = candidates.filter(({ refusal }) => refusal === null);
  const [recorded, found] = await Promise.all([
    findRecorded(pool, open),
    factsOf(
      asking.map(({ order: { member, merchant, programme, paidAt }, unrated }) => {
        return { member, merchant, programme, at: unrated?.at ?? paidAt };
      }),
    ),
  ]);
  const fresh = new Set(open.filter((_, index) => recorded[index] === null));
  const known = await withKnownLeft(
    deps,
    new Map(asking.map((each, index) => [each, found[index] as MemberFacts])),
    (candidate) => rulings.get(candidate)?.book,
  );
  const before = new Map<string, Set<string>>();
  for (const each of fresh) {
    const { member, merchant, netFen } = each.order;
    const shelf = `${member} ${merchant}`;
    const numbers = before.get(shelf) ?? new Set();
    before.set(shelf, numbers);
    const own = known.get(each);
    if (own !== undefined)
      facts.set(each, { ...own, earlierOrders: own.earlierOrders + numbers.size });
    if (netFen > 0) numbers.add(numberKey(each.order));
  }
  return facts;
}

function rateOrder(
  deps: RatingDeps,
  candidate: Candidate & { readonly unrated: Unrated },
  book: RuleBook,
  member: MemberFacts | null,
): Candidate {
  const { order, unrated } = candidate;
  const { at, merchantCategory } = unrated;
  const programme = deps.programmes.byId(order.programme, at);
  if (programme === undefined) throw new Error(`there is no programme ${order.programme}`);
  const rating = rate(
    book,
    occasionOf(order, { at, merchantCategory, member }, order.lines, programme.timeZone),
  );
  if ('code' in rating) return { ...candidate, refusal: rating };
  const ratio = rating.awards.find(({ version }) => version === null);
  const awards: OrderAward[] = [];
  for (const award of rating.awards) {
    if (award.version === null) continue;
    const pointType = pointTypeOf(programme, award.pointType);
    if (pointType === undefined) return { ...candidate, refusal: problem('point_type_not_found') };
    const { version, points, availableAt, onCompletion, funders, limits } = award;
    const due = points;
    const place = awards.length + 1;
    const earn = deps.ledger.newId(order.member);
    const lasts = lastingOf(programme, pointType.id, at, award.expiresAt);
    const terms = { availableAt, onCompletion, ...lasts, funders, limits };
    awards.push({ place, earn, version, pointType: pointType.id, points, due, ...terms });
  }
  const pointsEarned = ratio?.points ?? 0;
  const of = { kind: 'order', id: order.id } as const;
  const facts = member === null ? null : sealFacts(deps.sealer, of, member).toString('base64');
  const isNothing = pointsEarned === 0 && awards.length === 0;
  return {
    ...candidate,
    order: {
      ...order,
      pointsEarned,
      pointsDue: pointsEarned,
      awards,
      noPointsReason: isNothing ? noPointsReasonOf(order.netFen) : null,
      occasion: { at, merchantCategory, facts },
    },
  };
}
