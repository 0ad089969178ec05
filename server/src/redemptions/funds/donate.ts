import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Redemption } from '../redemption.ts';
import { closedOn, type Donation, type Fund } from './fund.ts';
import {
  addDue,
  dueOf,
  findDonation,
  findFund,
  insertDonations,
  lockEntries,
  takeDue,
} from './store.ts';

/** ¥10 million: a fund's sums are shown to everybody, and stay exact whatever a merchant says that its rewards are worth. */
const GIFT_FEN_MAX = 1_000_000_000;

/** Why so many units cannot be donated to the fund of a reward now; null: they can, or it is no donation. Refused: `fund_not_receiving`, `amount_out_of_range`. */
export async function refusedByFund(
  sql: Sql,
  { fulfilment, cashValueFen }: Pick<RewardTerms, 'fulfilment' | 'cashValueFen'>,
  units: number,
  programme: { readonly id: number; readonly timeZone: string },
  at: Instant,
): Promise<Refusal | null> {
  if (fulfilment.kind !== 'donation') return null;
  if (cashValueFen * units > GIFT_FEN_MAX) return problem('amount_out_of_range');
  const fund = await findFund(sql, programme.id, fulfilment.fund);
  const why =
    fund === undefined ? 'not_there' : closedOn(fund.body, localDate(at, programme.timeZone));
  return why === null ? null : problem('fund_not_receiving', undefined, { why });
}

const fundOf = ({ terms: { fulfilment } }: Redemption): string | null =>
  fulfilment.kind === 'donation' ? fulfilment.fund : null;

/**
 * Enters what was donated, in the transaction that fulfils it. `codeOf`: of a point type by its number. Entries of a fund follow each
 * other in time, so that no month changes which is over.
 */
export async function donate(
  tx: Transaction,
  list: readonly Redemption[],
  codeOf: (programme: number, pointType: number) => string,
): Promise<void> {
  const funds = new Map<string, Fund>();
  const given: { readonly redemption: Redemption; readonly fund: Fund }[] = [];
  for (const redemption of list) {
    const code = fundOf(redemption);
    if (code === null) continue;
    const name = `${redemption.programme}/${code}`;
    const fund = funds.get(name) ?? (await findFund(tx, redemption.programme, code));
    if (fund === undefined) throw new Error(`there is no fund ${name}`);
    funds.set(name, fund);
    given.push({ redemption, fund });
  }
  if (given.length === 0) return;
  // Programmes have clocks of their own: what is given in one says nothing of the time in another.
  const latest = new Map<Uuid, Instant>();
  for (const { redemption, fund } of given)
    latest.set(fund.id, Math.max(latest.get(fund.id) ?? 0, redemption.confirmedAt ?? 0));
  const times = await lockEntries(tx, latest);
  const donations = given.map(({ redemption, fund }): Donation => {
    const { programme, parts, merchant, terms, quantity } = redemption;
    const at = timeOf(times, fund.id);
    return {
      ...{ id: newId(at), fund: fund.id, merchant, at, redemption: redemption.id },
      fen: terms.cashValueFen * quantity,
      points: parts.map((part) => ({
        pointType: codeOf(programme, part.pointType),
        points: part.points,
      })),
      number: fund.number,
    };
  });
  await insertDonations(tx, 'donated', donations);
  const due = new Map<string, { fund: Uuid; merchant: Uuid; fen: number }>();
  for (const { fund, merchant, fen } of donations) {
    const name = `${fund}/${merchant}`;
    due.set(name, { fund, merchant, fen: fen + (due.get(name)?.fen ?? 0) });
  }
  for (const { fund, merchant, fen } of due.values()) await addDue(tx, fund, merchant, fen);
}

/** Why a donation could not be taken back at this moment; null: it could, or it is none. Refused: `donation_paid_over`. */
export async function refusedToTakeBack(sql: Sql, redemption: Redemption): Promise<Refusal | null> {
  const donation = fundOf(redemption) === null ? undefined : await findDonation(sql, redemption.id);
  if (donation === undefined) return null;
  const { fund, merchant, fen } = donation;
  return (await dueOf(sql, fund, merchant)) < fen ? problem('donation_paid_over') : null;
}

/** Takes a donation back that is cancelled. Refused: `donation_paid_over`. */
export async function takeBack(
  tx: Transaction,
  redemption: Redemption,
  now: Instant,
): Promise<Refusal | null> {
  if (fundOf(redemption) === null) return null;
  const donation = await findDonation(tx, redemption.id);
  if (donation === undefined) return null;
  const times = await lockEntries(tx, new Map([[donation.fund, now]]));
  const owed = await takeDue(tx, donation.fund, donation.merchant, donation.fen);
  if (owed !== null) return problem('donation_paid_over');
  const at = timeOf(times, donation.fund);
  await insertDonations(tx, 'given_back', [{ ...donation, id: newId(at), at }]);
  return null;
}

function timeOf(times: ReadonlyMap<Uuid, Instant>, fund: Uuid): Instant {
  const at = times.get(fund);
  if (at === undefined) throw new Error('what was found is locked');
  return at;
}
