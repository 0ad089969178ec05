import type Type from 'typebox';
import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { afterNotice } from '../kernel/notice.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from '../programs/programme.ts';
import { lockProgramme } from '../programs/store.ts';
import { compareSchemes } from './compare-schemes.ts';
import { ladderOf } from './ladder.ts';
import {
  type Comparison,
  problemOfScheme,
  type SchemeVersion,
  schemeAt,
  type TierScheme,
} from './scheme.ts';
import { insertScheme, readVersions } from './scheme-store.ts';
import type { TierNotices } from './tier-notices.ts';
import { type NewTierScheme, showScheme, type TierSchemeShown } from './tier-schema.ts';

/** By then every process has heard that a programme has tiers (programs/registry.ts); the table says it too. */
export const SCHEME_LEAD_MS = 10_000;

/** Whether rules of the merchant, in force or announced, ask which tier a member is in. */
export type AsksForTiers = (merchant: Uuid, programme: number, now: Instant) => Promise<boolean>;

const TAKEN: Comparison = {
  verdict: 'worse',
  reasons: [{ path: '/tiers', reason: 'rules_asked_for_programme_tiers' }],
};

/**
 * Publishes another version of the tiers of a programme, or of one of its merchants. It counts from when it was asked
 * for, or as soon as it may: within seconds when it is proven to be as good for members as all that it replaces, else
 * after the programme's notice. What was announced to begin later is withdrawn. With the first tiers of its own a
 * merchant's rules do not ask for the programme's any more: where they did, that takes the notice as well.
 *
 * Refused: `programme_not_found`, `tiers_invalid`, `merchant_not_found`, `point_type_not_found`, `tier_points_fixed`, `tiers_in_past`,
 * `notice_needed`.
 */
export async function publishScheme(
  tx: Transaction,
  { programme: code, merchant }: { readonly programme: string; readonly merchant: Uuid | null },
  { from: askedFrom, ...scheme }: Type.Static<typeof NewTierScheme>,
  by: {
    readonly key: Uuid;
    readonly clock: Clock;
    readonly notices: TierNotices;
    readonly merchants: Pick<Merchants, 'find'>;
    readonly asksForTiers: AsksForTiers;
  },
): Promise<Outcome<Type.Static<typeof TierSchemeShown>>> {
  const programme = await lockProgramme(tx, code);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const wrong = problemOfScheme(scheme);
  if (wrong !== null)
    return {
      refusal: problem('tiers_invalid', `${wrong.path}: ${wrong.reason}`, { path: wrong.path }),
    };
  const elsewhere = merchant === null ? null : elsewhereIn(scheme, merchant);
  if (elsewhere !== null) {
    const message = `${elsewhere}: a merchant's own tiers bring services at that merchant only`;
    return { refusal: problem('tiers_invalid', message, { path: elsewhere }) };
  }
  const stranger = await findStranger(scheme, programme.id, by.merchants);
  if (stranger !== undefined)
    return { refusal: problem('merchant_not_found', undefined, { merchantId: stranger }) };
  const pointType = scheme.pointType ?? DEFAULT_POINT_TYPE;
  if (pointTypeOf(programme, pointType) === undefined)
    return { refusal: problem('point_type_not_found') };
  const ladder = { programme: programme.id, ladder: ladderOf(merchant) };
  const known = await readVersions(tx, ladder);
  const first = known[0]?.scheme.pointType ?? DEFAULT_POINT_TYPE;
  // What was counted is counted in these.
  if (known.length > 0 && first !== pointType)
    return { refusal: problem('tier_points_fixed', `tiers count ${first}`, { pointType: first }) };
  const now = by.clock.now() + programme.clockOffsetMs;
  const isTaking =
    merchant !== null &&
    schemeAt(known, now) === undefined &&
    (await by.asksForTiers(merchant, programme.id, now));
  const comparison = isTaking ? TAKEN : compareWithAll(known, scheme, now);
  const noticeDays = comparison.verdict === 'worse' ? programme.ruleNoticeDays : 0;
  const { timeZone } = programme;
  const earliest = Math.max(afterNotice({ noticeDays, timeZone }, now), now + SCHEME_LEAD_MS);
  const from = askedFrom === undefined ? earliest : mustReadInstant(askedFrom);
  if (from < earliest) {
    const facts = { earliest: showInstant(earliest), noticeDays };
    const reasons = comparison.reasons.map(({ path, reason }) => `${path} ${reason}`).join(', ');
    if (from < now) return { refusal: problem('tiers_in_past', undefined, facts) };
    return { refusal: problem('notice_needed', undefined, { ...facts, reasons }) };
  }
  const version: SchemeVersion = {
    ...ladder,
    number: known.length + 1,
    scheme,
    from,
    comparison,
    noticeDays,
    publishedAt: now,
    publishedBy: by.key,
  };
  await insertScheme(tx, version);
  if (comparison.verdict === 'worse') {
    const told = { merchant, number: version.number, from };
    await by.notices.announce(tx, programme, told);
  }
  await tell(tx, 'programmes');
  return { status: 200, body: showScheme(version) };
}

/** Where the tiers of a merchant bring a service at another one; null: nowhere. */
function elsewhereIn({ tiers }: TierScheme, merchant: Uuid): string | null {
  const own = showId('merchant', merchant);
  for (const [index, { benefits }] of tiers.entries()) {
    const services = benefits?.services ?? [];
    const place = services.findIndex((each) => each.merchants?.some((named) => named !== own));
    if (place >= 0) return `/tiers/${index}/benefits/services/${place}/merchants`;
  }
  return null;
}

/** A merchant that a service names without being one of the programme. */
async function findStranger(
  { tiers }: TierScheme,
  programme: number,
  merchants: Pick<Merchants, 'find'>,
): Promise<string | undefined> {
  const named = tiers.flatMap(({ benefits }) =>
    (benefits?.services ?? []).flatMap((service) => service.merchants ?? []),
  );
  for (const shown of new Set(named)) {
    const found = await merchants.find(mustReadId('merchant', shown));
    if (found?.programme !== programme) return shown;
  }
  return undefined;
}

/** What holds now and all that was announced must be no better than what comes instead. */
function compareWithAll(
  known: readonly SchemeVersion[],
  scheme: TierScheme,
  now: Instant,
): Comparison {
  const held = schemeAt(known, now);
  const replaced = known.filter(({ from, number }) => from > now && number > (held?.number ?? 0));
  if (held !== undefined) replaced.unshift(held);
  const compared = replaced.map((each) => compareSchemes(each.scheme, scheme));
  return (
    compared.find(({ verdict }) => verdict === 'worse') ?? {
      verdict: 'better_or_equal',
      reasons: [],
    }
  );
}
