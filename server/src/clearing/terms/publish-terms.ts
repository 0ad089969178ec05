import { type Instant, showInstant } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal, RefusedPart } from '../../kernel/refusal.ts';
import { lockPrices } from '../../ledger/price-list.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Outcome } from '../../platform/web/idempotency.ts';
import { problem } from '../../platform/web/problem.ts';
import { applyPrices } from './apply-prices.ts';
import { conversionGaps, type Margin, negativeMargins } from './margins.ts';
import { showOwner, showTerms, type TermsPublished } from './schema.ts';
import { findTerms, insertTerms, insertWithdrawal, readStanding, readVersions } from './store.ts';
import { inForceAt, pointTermsOf, type TermsBody, type TermsVersion } from './terms.ts';

/** The programme that terms are published in, as far as they depend on it. */
export interface TermsProgramme {
  readonly id: number;
  readonly code: string;
  readonly pointTypes: readonly { readonly code: string }[];
  readonly conversions: readonly {
    readonly from: string;
    readonly to: string;
    readonly num: number;
    readonly den: number;
  }[];
}

export interface TermsAsked {
  readonly programme: TermsProgramme;
  /** null: the standard terms. */
  readonly merchant: Uuid | null;
  readonly body: TermsBody;
  /** undefined: at once. */
  readonly from: Instant | undefined;
  readonly withdraws: readonly Uuid[];
  readonly actor: string;
  readonly by: Uuid;
}

/**
 * Publishes a version of terms, and writes what follows of it into the price list in the same transaction. Refused: `terms_in_past`,
 * `terms_invalid`, `point_type_not_found`, `terms_overlap`, `terms_not_announced`, `terms_incomplete`, `standard_terms_missing`,
 * `negative_margin`.
 */
export async function publishTerms(
  tx: Transaction,
  { programme, merchant, body, withdraws, actor, by, from: asked }: TermsAsked,
  programmeClock: (programme: number) => Instant,
): Promise<Outcome<TermsPublished>> {
  await lockPrices(tx);
  const now = programmeClock(programme.id);
  const from = asked ?? now;
  const wrong = from < now ? problem('terms_in_past') : wrongWith(body, merchant, programme);
  if (wrong !== null) return { refusal: wrong };
  const versions = await readVersions(tx, programme.id, merchant);
  const announced = versions.filter((each) => each.withdrawn === null && each.from > now);
  if (!withdraws.every((id) => announced.some((each) => each.id === id)))
    return { refusal: problem('terms_not_announced') };
  const over = announced.find((each) => each.from >= from && !withdraws.includes(each.id));
  if (over !== undefined) return { refusal: overlap(over) };
  const id = newId(now);
  for (const old of withdraws)
    await insertWithdrawal(tx, old, {
      at: now,
      by,
      actor,
      reason: `replaced by ${showId('settlementTerms', id)}`,
    });
  const before = await readStanding(tx, programme.id);
  const lacking = incomplete(before, merchant, body, from);
  if (lacking !== null) return { refusal: lacking };
  const number = (versions.at(-1)?.number ?? 0) + 1;
  const made = {
    id,
    programme: programme.id,
    merchant,
    number,
    body,
    from,
    publishedAt: now,
    actor,
  };
  const version: TermsVersion = { ...made, withdrawn: null };
  const margins = negativeMargins([...before, version], version);
  if (margins.length > 0 && body.acceptNegativeMargin === undefined)
    return { refusal: negative(margins, body) };
  await insertTerms(tx, made, by);
  await applyPrices(tx, programme.id, now, merchant === null ? null : [merchant]);
  const shown = showTerms(version, programme.code, from > now ? 'announced' : 'in_force');
  const warnings = [...margins.map(warningOf), ...gapsOf(programme, before, body, from)];
  return { status: 201, body: { ...shown, warnings } };
}

/** Withdraws a version that has not begun. Refused: `terms_not_found`, `terms_withdrawn`, `terms_begun`, `terms_overlap`. */
export async function withdrawTerms(
  tx: Transaction,
  {
    id,
    by,
    actor,
    reason,
  }: { readonly id: Uuid; readonly by: Uuid; readonly actor: string; readonly reason: string },
  programmeClock: (programme: number) => Instant,
): Promise<
  { readonly version: TermsVersion; readonly at: Instant } | { readonly refusal: Refusal }
> {
  await lockPrices(tx);
  const found = await findTerms(tx, id);
  if (found === undefined) return { refusal: problem('terms_not_found') };
  if (found.withdrawn !== null) return { refusal: problem('terms_withdrawn') };
  const at = programmeClock(found.programme);
  if (found.from <= at) return { refusal: problem('terms_begun') };
  await insertWithdrawal(tx, id, { at, by, actor, reason });
  await applyPrices(tx, found.programme, at, found.merchant === null ? null : [found.merchant]);
  return { version: { ...found, withdrawn: { at, actor, reason } }, at };
}

/** What is wrong with terms by themselves; null: nothing. */
function wrongWith(
  { points, settlement, creditLimitFen }: TermsBody,
  merchant: Uuid | null,
  { pointTypes }: TermsProgramme,
): Refusal | null {
  if (!points.every(({ pointType }) => pointTypes.some(({ code }) => code === pointType)))
    return problem('point_type_not_found');
  const errors: RefusedPart[] = [];
  for (const [place, { pointType, acceptedPointsMax }] of points.entries()) {
    const path = `/points/${place}`;
    if (points.findIndex((each) => each.pointType === pointType) !== place)
      errors.push({ path, code: 'named_twice', message: 'a point type is named once' });
    if (merchant === null && acceptedPointsMax !== undefined)
      errors.push({
        path: `${path}/acceptedPointsMax`,
        code: 'quota_of_nobody',
        message: 'a quota is of one merchant: standard terms have none',
      });
  }
  if (settlement === 'prefund' && creditLimitFen !== null)
    errors.push({
      path: '/creditLimitFen',
      code: 'credit_of_prefund',
      message: 'who pays beforehand has no line of credit',
    });
  return errors.length === 0 ? null : { ...problem('terms_invalid'), errors };
}

function overlap({ id, from }: TermsVersion): Refusal {
  const facts = { termsId: showId('settlementTerms', id), from: showInstant(from) };
  return problem('terms_overlap', undefined, facts);
}

/** What is cleared stays cleared, and what a merchant agrees on must be. */
function incomplete(
  standing: readonly TermsVersion[],
  merchant: Uuid | null,
  body: TermsBody,
  from: Instant,
): Refusal | null {
  const standard = inForceAt(
    standing.filter((each) => each.merchant === null),
    from,
  );
  if (merchant === null) {
    const dropped = standard?.body.points.find(
      ({ pointType }) => pointTermsOf(body, pointType) === undefined,
    );
    return dropped === undefined
      ? null
      : problem('terms_incomplete', undefined, { pointType: dropped.pointType });
  }
  const alone = body.points.find(
    ({ pointType }) =>
      standard === undefined || pointTermsOf(standard.body, pointType) === undefined,
  );
  return alone === undefined
    ? null
    : problem('standard_terms_missing', undefined, { pointType: alone.pointType });
}

function negative(margins: readonly Margin[], { points }: TermsBody): Refusal {
  const [first] = margins;
  const errors = margins.map(({ pointType, payer, taker, at, marginMicroFen }) => ({
    path: pathOf(points, pointType),
    code: 'negative_margin',
    message: `${marginMicroFen} micro-fen per point of ${showOwner(payer) ?? 'the standard terms'} at ${showOwner(taker) ?? 'the standard terms'} from ${showInstant(at)}`,
  }));
  const facts = { marginMicroFen: first?.marginMicroFen ?? 0, pointType: first?.pointType ?? '' };
  return { ...problem('negative_margin', undefined, facts), errors };
}

/** A point type may be named by the standard terms alone. */
function pathOf(points: TermsBody['points'], pointType: string): string {
  const place = points.findIndex((each) => each.pointType === pointType);
  return place < 0 ? '/points' : `/points/${place}`;
}

type Warning = TermsPublished['warnings'][number];

function warningOf({ pointType, payer, taker, marginMicroFen }: Margin): Warning {
  return {
    ...{ code: 'negative_margin', pointType, toPointType: null },
    ...{ payer: showOwner(payer), taker: showOwner(taker), marginMicroFen },
  };
}

function gapsOf(
  { conversions }: TermsProgramme,
  standing: readonly TermsVersion[],
  body: TermsBody,
  from: Instant,
): Warning[] {
  const standard = inForceAt(
    standing.filter((each) => each.merchant === null),
    from,
  );
  const priceOf = (pointType: string) =>
    pointTermsOf(body, pointType) ??
    (standard === undefined ? undefined : pointTermsOf(standard.body, pointType));
  return conversionGaps(conversions, priceOf).map((gap) => ({
    ...{ code: 'conversion_gap', pointType: gap.from, toPointType: gap.to },
    ...{ payer: null, taker: null, marginMicroFen: gap.marginMicroFen },
  }));
}
