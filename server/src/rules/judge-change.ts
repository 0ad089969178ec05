import type { Instant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { Transaction } from '../platform/database.ts';
import { readVersionsSince } from '../platform/publishing/book-store.ts';
import type { Compared, Item, Published } from '../platform/publishing/published.ts';
import type { Judged } from '../platform/publishing/publishing.ts';
import { canMeet } from './can-meet.ts';
import { compareBodies } from './compare.ts';
import { readRatios } from './reference-store.ts';
import { type RuleBody, type RuleVersion, ruleVersionOf } from './rule.ts';
import { USUAL_POINT_TYPE } from './terms.ts';

type Reason = Compared['reasons'][number];

/**
 * Whether a body is proven to be no worse for members than what it replaces: the versions of its rule that would be
 * in force from then on, or, where there are none, what holds without the rule.
 */
export async function judgeChange(
  tx: Transaction,
  { item: rule, replaced, draft: { body }, now }: Judged<RuleBody>,
): Promise<Compared> {
  const others = await readOthers(tx, rule, now);
  const reasons =
    replaced.length > 0
      ? againstVersions(rule, replaced, body, others)
      : againstNothing(rule, body, others, await readRatios(tx, rule, body, now));
  return reasons.length === 0
    ? { verdict: 'better_or_equal', reasons, provenBy: 'form', simulation: null }
    : { verdict: 'worse', reasons, provenBy: null, simulation: null };
}

function againstVersions(
  rule: Pick<Item, 'merchant'>,
  replaced: readonly Published<RuleBody>[],
  body: RuleBody,
  others: readonly RuleVersion[],
): Reason[] {
  const reasons = replaced.flatMap((version) => {
    const against = showId('ruleVersion', version.id);
    return compareBodies(version.body, body).map((each) => ({ ...each, against }));
  });
  // What a group gives changes for all that are in it.
  const isInGroup = reasons.some(({ reason }) => reason === 'group');
  return isInGroup ? [...reasons, ...againstGroup(rule, body, others)] : reasons;
}

/** Rules that it would take the place of, or give way to, in its group. */
function againstGroup(
  { merchant }: Pick<Item, 'merchant'>,
  { group }: RuleBody,
  others: readonly RuleVersion[],
): Reason[] {
  return others
    .filter(({ merchant: owner, body }) => body.group === group && owner === merchant)
    .map(({ id }) => ({ path: '/group', reason: 'group', against: showId('ruleVersion', id) }));
}

/** The programme's other rules, in force or announced. */
async function readOthers(
  tx: Transaction,
  { id, programme }: Pick<Item, 'id' | 'programme'>,
  now: Instant,
): Promise<RuleVersion[]> {
  const found = await readVersionsSince<RuleBody>(tx, 'rule', [{ programme, since: now }]);
  return (found.get(programme) ?? []).filter(({ of }) => of !== id).map(ruleVersionOf);
}

/**
 * A rule that is new comes on top of all others, and takes nothing away, unless it draws on something they have too: a
 * group, a budget. A new base takes the place of merchants' ratios, and of other bases.
 */
function againstNothing(
  { merchant }: Pick<Item, 'merchant'>,
  body: RuleBody,
  others: readonly RuleVersion[],
  ratios: readonly EarnRatio[],
): Reason[] {
  const reason = (
    path: string,
    why: string,
    other: { readonly id: Uuid } | null = null,
  ): Reason => ({
    path,
    reason: why,
    against: other === null ? null : showId('ruleVersion', other.id),
  });
  const { group, earn, terms = {} } = body;
  const reasons = group === undefined ? [] : againstGroup({ merchant }, body, others);
  for (const other of others) {
    const { budget } = other.body.terms ?? {};
    if (budget !== undefined && budget === terms.budget)
      reasons.push(reason('/terms/budget', 'budget', other));
  }
  if (earn.kind !== 'base') return reasons;
  const { skus, brands, categories, zones, green } = body.when.lines ?? {};
  // Lines that earn apart are rounded down apart.
  if ([skus, brands, categories, zones, green].some((each) => each !== undefined))
    reasons.push(reason('/when/lines', 'rounded_apart'));
  if (ratios.some((ratio) => isBelow(earn, ratio)))
    reasons.push(reason('/earn/points', 'below_ratio'));
  if ((terms.pointType ?? USUAL_POINT_TYPE) !== USUAL_POINT_TYPE)
    reasons.push(reason('/terms/pointType', 'other_points'));
  for (const name of ['expiry', 'pendingDays', 'caps', 'budget'] as const)
    if (terms[name] !== undefined) reasons.push(reason(`/terms/${name}`, 'other_terms'));
  for (const other of others) {
    if (other.body.earn.kind === 'base' && canMeet({ merchant, body }, other))
      reasons.push(reason('/earn/kind', 'other_base', other));
  }
  return reasons;
}

function isBelow(earn: EarnRatio, ratio: EarnRatio): boolean {
  return BigInt(earn.points) * BigInt(ratio.perFen) < BigInt(ratio.points) * BigInt(earn.perFen);
}
