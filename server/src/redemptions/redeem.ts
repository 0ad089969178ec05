import { localDate } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { isAmount } from '../kernel/points.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { PointsPart } from '../kernel/reward.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import { Conflict, type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import { type Programme, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { createAbsorbedOf } from './absorbed.ts';
import { agreedAt } from './bills/bill-offset.ts';
import { finalWithin, isLimitedBill, reserveOn, toldOfPoints } from './bills/offline.ts';
import { type AskedCash, cashOf, digestOfCash, type PayeeOf } from './cash/asked-cash.ts';
import { sendingFen } from './deliveries/regions.ts';
import { refusedByFund } from './funds/donate.ts';
import { agreedOf, countsOf, isLimited, type Offer, type OfferOf } from './offer.ts';
import { type AskedParticulars, digestOf } from './particulars.ts';
import { CONFIRM_MS, firstCommands, type Part, type Redemption } from './redemption.ts';
import type { Saga } from './saga.ts';
import { lockShelves, readShelves, writeShelves } from './stock/stock-store.ts';
import { insertRedemptions, readByKeys } from './store.ts';
import { takeParticulars } from './take-particulars.ts';

export interface RedeemDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
  readonly members: Members;
  readonly offerOf: OfferOf;
  readonly saga: Saga;
  readonly sealer: Sealer;
  readonly payeeOf: PayeeOf;
  /** How many points of a member's day are final, of what tills of a merchant took while they were cut off. */
  readonly offlineMaxOf: (merchant: Uuid, programme: number) => Promise<number>;
}

/** What somebody asks for. */
export interface Asked {
  readonly member: Uuid;
  readonly reward: Uuid;
  readonly option: number;
  readonly quantity: number;
  /** Who hands it out, where, and of which programme that is. */
  readonly merchant: Uuid;
  readonly store: string | null;
  readonly programme: number;
  /** What the member was shown, of all units; another price is refused. Null: whatever it costs. */
  readonly price: readonly PointsPart[] | null;
  readonly particulars: AskedParticulars | null;
  readonly cash: AskedCash | null;
  /** The caller's key with its tenant. */
  readonly requestKey: string;
}

/** A redemption as far as it came; `replayed` when it had been asked for before. */
export type Redeemed = { readonly redemption: Redemption; readonly replayed: boolean } | Refusal;

export interface Redeem {
  /**
   * Records redemptions with what they take of the stock, and brings them to their ends; answers in order. The same request again
   * finds its redemption and goes on with it: an answer that was lost costs nothing.
   */
  redeem(list: readonly Asked[]): Promise<Redeemed[]>;
  /** What redeeming would answer at this moment; nothing is written. */
  preview(list: readonly Asked[]): Promise<Redeemed[]>;
}

interface Candidate {
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly redemption: Redemption | Refusal;
}

export function createRedeem(deps: RedeemDeps): Redeem {
  const { pool, ledger, saga } = deps;
  // What is asked for at the same time is recorded together: one reward that everybody wants is one row, locked as long as this
  // one transaction takes.
  const recording = createLane<Candidate, Redeemed>({
    run: (batch) => record(pool, batch),
    maxBatch: 500,
    maxQueue: 20_000,
  });
  const finding = { ...deps, absorbedOf: createAbsorbedOf(pool) };
  const candidates = (list: readonly Asked[]): Promise<Candidate[]> =>
    Promise.all(list.map((asked) => candidateOf(finding, asked)));

  return {
    async redeem(list) {
      const wanted = await candidates(list);
      const recorded = await recording.pushAll(
        wanted.map((each, place) => withPayer(each, list[place]?.cash ?? null)),
      );
      const open = recorded.flatMap((each) => ('code' in each ? [] : [each.redemption]));
      const ended = (await saga.advance(open)).values();
      return recorded.map((each) =>
        'code' in each ? each : { ...each, redemption: ended.next().value as Redemption },
      );
    },
    async preview(list) {
      const asked = await candidates(list);
      const known = await readByKeys(
        pool,
        asked.map(({ requestKey }) => requestKey),
      );
      const fresh = asked.flatMap(({ requestKey, redemption }) =>
        'code' in redemption || known.has(requestKey) ? [] : [redemption],
      );
      const shelves = await readShelves(pool, fresh);
      const refusals = new Map<Uuid, Refusal>();
      const held: Redemption[] = [];
      for (const each of fresh) {
        const { redemption, refusal } = reserveOn(shelves, each);
        if (refusal === null) held.push(redemption);
        else refusals.set(redemption.id, refusal);
      }
      const answers = (await ledger.preview(held.flatMap(firstCommands))).values();
      for (const redemption of held)
        for (const _ of redemption.parts) {
          const answer = answers.next().value;
          if (answer?.status === 'refused')
            refusals.set(redemption.id, toldOfPoints(redemption, answer.refusal));
        }
      return asked.map(({ requestKey, fingerprint, redemption }): Redeemed => {
        const found = known.get(requestKey);
        if (found !== undefined) return knownAs(found, fingerprint);
        if ('code' in redemption) return redemption;
        const refused = refusals.get(redemption.id);
        return refused ?? { redemption: { ...redemption, state: 'fulfilled' }, replayed: false };
      });
    },
  };
}

function withPayer(candidate: Candidate, cash: AskedCash | null): Candidate {
  const { redemption } = candidate;
  if ('code' in redemption || redemption.cashFen === 0) return candidate;
  if (cash !== null && cash.payer !== null) return candidate;
  return { ...candidate, redemption: problem('payer_needed') };
}

const knownAs = (found: Redemption, fingerprint: Buffer): Redeemed =>
  found.fingerprint.equals(fingerprint)
    ? { redemption: found, replayed: true }
    : problem('idempotency_key_reused');

/** Records what is new of a batch, in one transaction. */
async function record(pool: Pool, batch: readonly Candidate[]): Promise<Redeemed[]> {
  return await withTransaction(pool, async (tx) => {
    const known = await readByKeys(
      tx,
      batch.map(({ requestKey }) => requestKey),
    );
    // Of two with one key the first counts.
    const fresh = new Map<string, Redemption>();
    for (const { requestKey, redemption } of batch)
      if (!('code' in redemption || known.has(requestKey) || fresh.has(requestKey)))
        fresh.set(requestKey, redemption);
    const begun = await begin(tx, fresh);
    return batch.map(({ requestKey, fingerprint, redemption }): Redeemed => {
      const now = begun.get(requestKey);
      if (now !== undefined && fresh.get(requestKey) === redemption)
        return { redemption: now, replayed: false };
      const found = now ?? known.get(requestKey);
      if (found !== undefined) return knownAs(found, fingerprint);
      if ('code' in redemption) return redemption;
      throw new Error('a redemption was neither written nor found');
    });
  });
}

/** Writes redemptions by their keys, each with what it takes of the stock, or as refused; answers them as they begin. */
async function begin(
  tx: Transaction,
  fresh: ReadonlyMap<string, Redemption>,
): Promise<ReadonlyMap<string, Redemption>> {
  if (fresh.size === 0) return fresh;
  const shelves = await lockShelves(tx, [...fresh.values()]);
  const begun = new Map<string, Redemption>();
  for (const [key, each] of fresh) {
    const { redemption, refusal } = reserveOn(shelves, each);
    begun.set(key, refusal === null ? redemption : { ...redemption, state: 'refused', refusal });
  }
  const placed = await insertRedemptions(tx, [...begun.values()]);
  // Another process has one of the keys, and with it what it asked for.
  if (placed.size < begun.size) throw new Conflict('a key was taken meanwhile');
  await writeShelves(tx, shelves.changes);
  return begun;
}

/** With what it finds out for itself. */
interface Finding extends RedeemDeps {
  readonly absorbedOf: ReturnType<typeof createAbsorbedOf>;
}

async function candidateOf(deps: Finding, asked: Asked): Promise<Candidate> {
  const { requestKey, member, reward, option, quantity, merchant, store, price } = asked;
  const said = [member, reward, option, quantity, merchant, store, price && sumsOf(price)];
  said.push(...digestOf(asked.particulars, deps.sealer), ...digestOfCash(asked.cash, deps.sealer));
  const fingerprint = sha256(JSON.stringify(said));
  const redemption = await redemptionOf(deps, asked, fingerprint);
  return { requestKey, fingerprint, redemption };
}

async function redemptionOf(
  deps: Finding,
  asked: Asked,
  fingerprint: Buffer,
): Promise<Redemption | Refusal> {
  const { members, programmes, offerOf, clock, ledger } = deps;
  const { member, reward, option, quantity, merchant, store } = asked;
  if (!(await members.has(member))) return problem('member_not_found');
  const gone = mergedAway(await members.survivors(member));
  if (gone !== undefined) return gone;
  const programme = programmes.byId(asked.programme);
  if (programme === undefined) throw new Error('the programme of a merchant is known');
  const now = programmes.programmeClock(programme.id);
  const agreed = asked.particulars?.kind === 'bill' ? agreedAt(asked.particulars, now) : null;
  if (agreed !== null && typeof agreed !== 'number') return agreed;
  const offer = await offerOf({ ...asked, at: agreed });
  if ('code' in offer) return offer;
  const { version, at, promotion } = offer;
  const why = await refusedByFund(deps.pool, version.body, quantity, programme, now);
  if (why !== null) return why;
  const isOffline = isLimitedBill(asked.particulars);
  const absorbed = isOffline || isLimited(version.body) ? await deps.absorbedOf(member) : [];
  const limits = countsOf(offer, { member, absorbed, merchant }, quantity, programme.timeZone);
  if ('code' in limits) return limits;
  const id = ledger.newId(member);
  const { timeZone } = programme;
  const taken = takeParticulars(asked, version.body, {
    ...{ redemption: id, at, now, timeZone, sealer: deps.sealer },
  });
  if ('code' in taken) return taken;
  const cash = await cashOf(
    asked,
    offer.cashFen * quantity + sendingFen(version.body),
    deps.payeeOf,
  );
  if ('code' in cash) return cash;
  const parts = partsOf(ledger, programme, asked, offer, cash.cashFen > 0);
  if ('code' in parts) return parts;
  // Written out: this is made for every request, and objects that are spread together cost several times as much.
  const made: Redemption = {
    id,
    programme: programme.id,
    member,
    reward,
    version: version.id,
    promotion,
    option,
    quantity,
    merchant,
    store,
    parts,
    cashFen: cash.cashFen,
    payee: cash.payee,
    terms: agreedOf(version.body),
    particulars: taken.particulars,
    counts: taken.counts.length === 0 ? limits : [...limits, ...taken.counts],
    state: 'reserved',
    refusal: null,
    askedAt: at,
    deadline: now + CONFIRM_MS,
    confirmedAt: null,
    cancelledAt: null,
    requestKey: asked.requestKey,
    fingerprint,
    recordedAt: clock.now(),
  };
  if (!isOffline) return made;
  const max = await deps.offlineMaxOf(merchant, programme.id);
  return finalWithin(made, { merchant, member, absorbed, max, day: localDate(at, timeZone) });
}

/** What it costs in all, and whether that is what the member was shown. */
function partsOf(
  ledger: Ledger,
  programme: Programme,
  { member, quantity, price }: Asked,
  { points }: Offer,
  isPaid: boolean,
): Part[] | Refusal {
  const parts: Part[] = [];
  const now: PointsPart[] = [];
  // Of several types all are taken or none, and cash is waited for; of one there is nothing to wait for.
  const isHeld = isPaid || points.filter((each) => each.points > 0).length > 1;
  for (const { pointType: code, points: each } of points) {
    const pointType = pointTypeOf(programme, code);
    if (pointType === undefined) return problem('point_type_not_found');
    const all = each * quantity;
    if (!isAmount(all)) return problem('amount_out_of_range');
    now.push({ pointType: code, points: all });
    // A promotion may leave nothing of one type to be paid.
    if (all === 0) continue;
    const ids = { hold: isHeld ? ledger.newId(member) : null, taken: ledger.newId(member) };
    parts.push({ pointType: pointType.id, points: all, ...ids });
  }
  if (price === null || sumsOf(price) === sumsOf(now)) return parts;
  const told = now.map(({ pointType, points: all }) => `${all} ${pointType}`).join(' + ');
  return problem('price_changed', `it costs ${told} now`, { price: told });
}

/** Points by type, in one order. */
function sumsOf(price: readonly PointsPart[]): string {
  const named = price.filter(({ points }) => points > 0);
  return JSON.stringify(named.map(({ pointType, points }) => [pointType, points]).sort());
}
