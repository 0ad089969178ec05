import { type Comparison, MEASURES, type Measure, type Tier, type TierScheme } from './scheme.ts';

type Reason = Comparison['reasons'][number];

/**
 * Whether a scheme is proven to be as good for every member as what it replaces. What cannot be told by form (another
 * window, another order of tiers) counts as worse.
 */
export function compareSchemes(before: TierScheme, after: TierScheme): Comparison {
  const reasons: Reason[] = [];
  const worse = (path: string, reason: string): void => void reasons.push({ path, reason });
  if (JSON.stringify(windowOf(before)) !== JSON.stringify(windowOf(after)))
    worse('/window', 'another_window');
  let rank = -1;
  for (const [index, tier] of before.tiers.entries()) {
    const at = after.tiers.findIndex(({ code }) => code === tier.code);
    if (at < 0) {
      worse(`/tiers/${index}`, 'tier_gone');
      continue;
    }
    if (at < rank) worse(`/tiers/${at}`, 'tier_lower');
    rank = Math.max(rank, at);
    reasons.push(...compareTiers(tier, after.tiers[at] as Tier, `/tiers/${at}`));
  }
  const [old, now] = [before.downgrade ?? {}, after.downgrade ?? {}];
  if ((now.graceDays ?? 0) < (old.graceDays ?? 0)) worse('/downgrade/graceDays', 'shorter');
  if ((now.noticeDays ?? 0) < (old.noticeDays ?? 0)) worse('/downgrade/noticeDays', 'shorter');
  if (old.to === 'one_step' && now.to !== 'one_step') worse('/downgrade/to', 'falls_further');
  if (now.returns === 'at_once' && old.returns !== 'at_once') worse('/downgrade/returns', 'sooner');
  return { verdict: reasons.length === 0 ? 'better_or_equal' : 'worse', reasons };
}

function windowOf({ window }: TierScheme): unknown[] {
  if (window.kind === 'rolling') return [window.kind, window.months];
  return window.kind === 'calendar' ? [window.kind, window.unit] : [window.kind];
}

function compareTiers(before: Tier, after: Tier, path: string): Reason[] {
  const reasons: Reason[] = [];
  const worse = (where: string, reason: string): void =>
    void reasons.push({ path: `${path}/${where}`, reason });
  if (!waysOf(before).every((way) => suffices(way, before, after))) worse('qualify', 'asks_more');
  const [old, now] = [before.benefits ?? {}, after.benefits ?? {}];
  if (old.exclusiveRewards === true && now.exclusiveRewards !== true)
    worse('benefits/exclusiveRewards', 'gone');
  if ((now.priorityMinutes ?? 0) < (old.priorityMinutes ?? 0))
    worse('benefits/priorityMinutes', 'fewer');
  for (const service of old.services ?? []) {
    const same = now.services?.find(({ code }) => code === service.code);
    if (same === undefined || same.per !== service.per || same.quota < service.quota)
      worse('benefits/services', `${service.code}_less`);
    else if (!(service.merchants ?? []).every((each) => same.merchants?.includes(each)))
      worse('benefits/services', `${service.code}_at_fewer`);
  }
  return reasons;
}

const namedBy = ({ qualify }: Tier): Measure[] =>
  MEASURES.filter((each) => qualify[each] !== undefined);

/** The least that must be met to qualify: any one measure, or all of them. */
function waysOf(tier: Tier): Measure[][] {
  const named = namedBy(tier);
  return tier.qualify.match === 'any' ? named.map((each) => [each]) : [named];
}

/** Whether whoever met these measures as they were qualifies now. */
function suffices(way: readonly Measure[], before: Tier, after: Tier): boolean {
  const isMet = (measure: Measure): boolean =>
    way.includes(measure) && (after.qualify[measure] ?? 0) <= (before.qualify[measure] ?? 0);
  return waysOf(after).some((each) => each.every(isMet));
}
