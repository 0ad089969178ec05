import type Type from 'typebox';
import { addToDate } from '../kernel/calendar.ts';
import { showInstant } from '../kernel/clock.ts';
import { readAbsorbed } from '../members/merged.ts';
import type { Sql } from '../platform/database.ts';
import { shownMerchant } from './ladder.ts';
import { type MemberTier, readChanges, type TierChange } from './member-store.ts';
import { type Moment, readRecords, versionOf } from './review-members.ts';
import { MEASURES, type Measures, rankOf, type Tier } from './scheme.ts';
import { servicesOf } from './service.ts';
import { showQuota } from './service-schema.ts';
import { doneOn } from './standing.ts';
import type { MemberTierShown } from './tier-schema.ts';
import { readQuotas } from './use-service.ts';
import { windowOn } from './window.ts';

type Shown = Type.Static<typeof MemberTierShown>;

const HISTORY_MAX = 100;

/** A member's tier, what is missing to the next one, and how it came about. `isOwn`: the member looks, who is not told which person gave it. */
export async function showMemberTier(
  sql: Sql,
  moment: Moment,
  member: MemberTier,
  isOwn = false,
): Promise<Shown> {
  const { programme, today } = moment;
  const { scheme } = versionOf(moment, member);
  const [record] = await readRecords(sql, moment, [member]);
  if (record === undefined) throw new Error('every member has a record');
  const window = windowOn(scheme.window, today, record.joined);
  const done = doneOn(record.days, window);
  const rank = rankOf(scheme, member.tier);
  const own = scheme.tiers[rank];
  const next = scheme.tiers[rank + 1];
  const absorbed = await readAbsorbed(sql, [member.member]);
  const persons = [member.member, ...absorbed.map((each) => each.absorbed)];
  const services = servicesOf(scheme, member.tier);
  const quotas = await readQuotas(sql, moment, member.ladder, persons, services);
  const history = await readChanges(sql, member, HISTORY_MAX);
  return {
    programme: programme.code,
    merchantId: shownMerchant(member),
    tier: member.tier,
    name: own?.name ?? null,
    benefits: own === undefined ? null : (structuredClone(own.benefits ?? {}) as Shown['benefits']),
    since: member.since === null ? null : showInstant(member.since),
    until: member.until,
    losing: member.noticed !== null,
    given:
      member.floor === null
        ? null
        : { tier: member.floor.tier, until: addToDate(member.floor.until, { days: -1 }) },
    window: { ...window },
    done: { ...done },
    next: next === undefined ? null : progressTo(next, done),
    services: quotas.map(showQuota),
    history: history.map(showChange).map((each) => (isOwn ? { ...each, actor: null } : each)),
  };
}

function progressTo({ code, name, qualify }: Tier, done: Measures): NonNullable<Shown['next']> {
  const measures = MEASURES.flatMap((measure) => {
    const needed = qualify[measure];
    if (needed === undefined) return [];
    const missing = Math.max(0, needed - done[measure]);
    return [{ measure, done: done[measure], needed, missing }];
  });
  return { tier: code, name, match: qualify.match ?? 'all', measures };
}

function showChange({
  at,
  kind,
  from,
  to,
  until,
  scheme,
  given,
}: TierChange): Shown['history'][number] {
  const { reason = null, actor = null } = given ?? {};
  return { at: showInstant(at), kind, from, to, until, scheme, reason, actor };
}
