import { newId, showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { mergedAway, readAbsorbed, readSurvivors } from '../members/merged.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { Ladder } from './ladder.ts';
import { lockMembers } from './member-store.ts';
import { type Moment, versionOf } from './review-members.ts';
import type { FreeService } from './scheme.ts';
import { leftOf, periodOf, type ServiceUse, servicesOf, type Undone } from './service.ts';
import { countUses, findUse, findUseByNumber, insertUndo, insertUse } from './service-store.ts';
import type { Days } from './window.ts';

/** What a merchant asks for. */
export interface UseAsked {
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly service: string;
  readonly useNo: string;
  /** An API key. */
  readonly by: Uuid;
}

/** A service and what is left of its quota in the period. */
export interface Quota extends Days {
  readonly service: FreeService;
  readonly used: number;
  readonly left: number;
}

/** `known`: told before, under the same number. Null: the service is not the tier's any more. */
export interface Used {
  readonly use: ServiceUse;
  readonly quota: Quota | null;
  readonly known: boolean;
}

/** A service that a member's tier brings at the merchant. */
interface Offer {
  readonly ladder: Uuid;
  readonly tier: string;
  readonly quota: Quota;
}

/**
 * Uses a free service once that a tier of the member brings at the merchant: by the merchant's own tiers or by the
 * programme's, in the order of `moment.versions`, whichever has something left. Uses of one member wait for each
 * other, so that a quota is never exceeded; the same number at a merchant is one use, however often it is told.
 *
 * Refused: `member_merged`, `tier_service_not_found`, `tier_service_elsewhere`, `tier_service_used_up`, `service_use_exists`.
 */
export async function useService(
  tx: Transaction,
  moment: Moment,
  asked: UseAsked,
): Promise<Used | Refusal> {
  const { programme, now, today } = moment;
  const { member, merchant, service: code, useNo } = asked;
  const persons = await lockPerson(tx, moment, member);
  if ('code' in persons) return persons;
  const found = await findUseByNumber(tx, merchant, useNo);
  if (found !== undefined) return knownUse(tx, moment, persons, found, asked);
  const offers = await readOffers(tx, moment, persons, asked);
  if ('code' in offers) return offers;
  const offer = offers.find(({ quota }) => quota.left > 0);
  if (offer === undefined) {
    const [{ quota }] = offers;
    const facts = { quota: quota.service.quota, until: quota.until };
    return problem('tier_service_used_up', undefined, facts);
  }
  const { ladder, tier, quota } = offer;
  const common = { programme: programme.id, ladder, member, merchant, useNo, service: code, tier };
  const use = { ...common, id: newId(now), day: today, at: now, by: asked.by, undone: null };
  if (await insertUse(tx, use)) {
    const after = { ...quota, used: quota.used + 1, left: quota.left - 1 };
    return { use, quota: after, known: false };
  }
  // Another member's use took the number in between.
  return problem('service_use_exists');
}

/** What the member's tiers bring of a service at the merchant: something, or why nothing. */
async function readOffers(
  tx: Transaction,
  moment: Moment,
  { members, tiers }: Persons,
  { merchant, service: code }: UseAsked,
): Promise<readonly [Offer, ...Offer[]] | Refusal> {
  const shown = showId('merchant', merchant);
  const offers: Offer[] = [];
  let isElsewhere = false;
  for (const { ladder, scheme } of moment.versions.values()) {
    const tier = tiers.get(ladder) ?? null;
    const service = servicesOf(scheme, tier).find((each) => each.code === code);
    if (service === undefined || tier === null) continue;
    isElsewhere = true;
    if (service.merchants?.includes(shown) !== true) continue;
    const [quota] = await readQuotas(tx, moment, ladder, members, [service]);
    if (quota === undefined) throw new Error('every service has a quota');
    offers.push({ ladder, tier, quota });
  }
  const [first, ...others] = offers;
  if (first !== undefined) return [first, ...others];
  return problem(isElsewhere ? 'tier_service_elsewhere' : 'tier_service_not_found');
}

/** Gives back what was used: it counts no more. Told again with the same words it is answered as it is. */
export async function undoService(
  tx: Transaction,
  moment: Moment,
  use: ServiceUse,
  undone: Undone,
): Promise<Used | Refusal> {
  const persons = await lockPerson(tx, moment, use.member, { mayBeMerged: true });
  if ('code' in persons) return persons;
  const isNew = await insertUndo(tx, use.id, undone);
  const now = await findUse(tx, use.id);
  if (now === undefined || now.undone === null) throw new Error('what is undone is a use');
  const isSame = now.undone.reason === undone.reason && now.undone.actor === undone.actor;
  if (!isNew && !isSame) return problem('service_use_undone');
  return { use: now, quota: await quotaOf(tx, moment, persons, now), known: !isNew };
}

interface Persons {
  /** The member, and who became part of them. */
  readonly members: readonly Uuid[];
  /** By ladder. */
  readonly tiers: ReadonlyMap<Uuid, string | null>;
}

/** Locks a member with whoever became part of them: their uses are one. */
async function lockPerson(
  tx: Transaction,
  { programme, versions }: Moment,
  member: Uuid,
  { mayBeMerged = false } = {},
): Promise<Persons | Refusal> {
  const absorbed = (await readAbsorbed(tx, [member])).map((each) => each.absorbed);
  const members = [member, ...absorbed];
  const locked = await lockMembers(
    tx,
    [...versions.keys()].flatMap((ladder) =>
      members.map((each) => ({ programme: programme.id, ladder, member: each })),
    ),
  );
  // They may have become part of another one until the lock was held.
  const gone = mergedAway(await readSurvivors(tx, member));
  if (gone !== undefined && !mayBeMerged) return gone;
  const own = locked.filter((each) => each.member === member);
  return { members, tiers: new Map(own.map(({ ladder, tier }) => [ladder, tier])) };
}

async function knownUse(
  tx: Transaction,
  moment: Moment,
  persons: Persons,
  use: ServiceUse,
  { service }: UseAsked,
): Promise<Used | Refusal> {
  const isSame = persons.members.includes(use.member) && use.service === service;
  if (!isSame) return problem('service_use_exists');
  return { use, quota: await quotaOf(tx, moment, persons, use), known: true };
}

async function quotaOf(
  tx: Transaction,
  moment: Moment,
  { members, tiers }: Persons,
  use: ServiceUse,
): Promise<Quota | null> {
  const { scheme } = versionOf(moment, use);
  const own = servicesOf(scheme, tiers.get(use.ladder) ?? null).filter(
    ({ code }) => code === use.service,
  );
  return (await readQuotas(tx, moment, use.ladder, members, own))[0] ?? null;
}

/** What is left today of these services of a ladder; answered in order. */
export async function readQuotas(
  sql: Sql,
  { programme, today }: Pick<Moment, 'programme' | 'today'>,
  ladder: Ladder['ladder'],
  members: readonly Uuid[],
  services: readonly FreeService[],
): Promise<Quota[]> {
  if (services.length === 0) return [];
  const periods = services.map((each) => ({ ...periodOf(each, today), service: each.code }));
  const used = await countUses(sql, { programme: programme.id, ladder }, members, periods);
  return services.map((service, index) => {
    const { from, until } = periodOf(service, today);
    const count = used[index] ?? 0;
    return { service, from, until, used: count, left: leftOf(service, count) };
  });
}
