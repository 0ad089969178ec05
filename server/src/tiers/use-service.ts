import { newId, showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { mergedAway, readAbsorbed, readSurvivors } from '../members/merged.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { lockMembers } from './member-store.ts';
import type { Moment } from './review-members.ts';
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

/**
 * Uses a free service of the member's tier once, at one of the merchants that it names. Uses of one member wait for each
 * other, so that a quota is never exceeded; the same number at a merchant is one use, however often it is told.
 *
 * Refused: `member_merged`, `tier_service_not_found`, `tier_service_elsewhere`, `tier_service_used_up`, `service_use_exists`.
 */
export async function useService(
  tx: Transaction,
  moment: Moment,
  asked: UseAsked,
): Promise<Used | Refusal> {
  const { programme, version, now, today } = moment;
  const { member, merchant, service: code, useNo } = asked;
  const persons = await lockPerson(tx, programme.id, member);
  if ('code' in persons) return persons;
  const found = await findUseByNumber(tx, merchant, useNo);
  if (found !== undefined) return knownUse(tx, moment, persons, found, asked);
  const { tier } = persons;
  const service = servicesOf(version.scheme, tier).find((each) => each.code === code);
  if (service === undefined || tier === null) return problem('tier_service_not_found');
  if (service.merchants?.includes(showId('merchant', merchant)) !== true)
    return problem('tier_service_elsewhere');
  const [quota] = await readQuotas(tx, moment, persons.members, [service]);
  if (quota === undefined) throw new Error('every service has a quota');
  if (quota.left === 0) {
    const facts = { quota: service.quota, until: quota.until };
    return problem('tier_service_used_up', undefined, facts);
  }
  const common = { programme: programme.id, member, merchant, useNo, service: code, tier };
  const use = { ...common, id: newId(now), day: today, at: now, by: asked.by, undone: null };
  if (await insertUse(tx, use)) {
    const after = { ...quota, used: quota.used + 1, left: quota.left - 1 };
    return { use, quota: after, known: false };
  }
  // Another member's use took the number in between.
  return problem('service_use_exists');
}

/** Gives back what was used: it counts no more. Told again with the same words it is answered as it is. */
export async function undoService(
  tx: Transaction,
  moment: Moment,
  use: ServiceUse,
  undone: Undone,
): Promise<Used | Refusal> {
  const persons = await lockPerson(tx, use.programme, use.member, { mayBeMerged: true });
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
  readonly tier: string | null;
}

/** Locks a member with whoever became part of them: their uses are one. */
async function lockPerson(
  tx: Transaction,
  programme: number,
  member: Uuid,
  { mayBeMerged = false } = {},
): Promise<Persons | Refusal> {
  const absorbed = (await readAbsorbed(tx, [member])).map((each) => each.absorbed);
  const members = [member, ...absorbed];
  const locked = await lockMembers(
    tx,
    members.map((each) => ({ programme, member: each })),
  );
  // They may have become part of another one until the lock was held.
  const gone = mergedAway(await readSurvivors(tx, member));
  if (gone !== undefined && !mayBeMerged) return gone;
  return { members, tier: locked.find((each) => each.member === member)?.tier ?? null };
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
  { members, tier }: Persons,
  use: ServiceUse,
): Promise<Quota | null> {
  const own = servicesOf(moment.version.scheme, tier).filter(({ code }) => code === use.service);
  return (await readQuotas(tx, moment, members, own))[0] ?? null;
}

/** What is left of these services today; answered in order. */
export async function readQuotas(
  sql: Sql,
  { programme, today }: Moment,
  members: readonly Uuid[],
  services: readonly FreeService[],
): Promise<Quota[]> {
  if (services.length === 0) return [];
  const periods = services.map((each) => ({ ...periodOf(each, today), service: each.code }));
  const used = await countUses(sql, programme.id, members, periods);
  return services.map((service, index) => {
    const { from, until } = periodOf(service, today);
    const count = used[index] ?? 0;
    return { service, from, until, used: count, left: leftOf(service, count) };
  });
}
