import { answered, type HongmiClient } from '@hongmi/sdk';
import { type Coalition, PROGRAMME, type Purpose } from './set-up.ts';
import { demoKey, inParallel } from './write-once.ts';
import { addDays, momentOf } from './year/calendar.ts';
import type { Person } from './year/person.ts';
import type { Plan } from './year/plan.ts';

/** What the demo's members are called. */
export const MEMBER_SYSTEM = 'demo';
const BULK_MAX = 1_000;
const AT_ONCE = 12;
/** A pupil's guardian speaks for them for so many days. */
const MINOR_DAYS = 1_500;

/** Registers people where they join, and writes down what they agree to; answers their ids by key. */
export async function registerPeople(
  hongmi: HongmiClient,
  { merchants, notices }: Coalition,
  people: readonly Person[],
  plan: Plan,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (let from = 0; from < people.length; from += BULK_MAX) {
    const part = people.slice(from, from + BULK_MAX);
    const members = part.map(({ key, phone, home }) => ({
      phone,
      externalIds: { [MEMBER_SYSTEM]: key },
      programme: PROGRAMME,
      merchantId: merchants.get(home) ?? '',
      idempotencyKey: `demo-member-${key}`,
    }));
    const params = { header: demoKey('members', members[0]?.idempotencyKey ?? '') };
    const call = hongmi.POST('/v1/members/bulk', { params, body: { members } });
    const { results } = await answered(call);
    for (const [index, { key }] of part.entries()) {
      const result = results[index];
      const id = result?.member?.id ?? result?.memberId;
      if (id === undefined)
        throw new Error(`${key} was not registered: ${result?.problem?.detail ?? 'no answer'}`);
      ids.set(key, id);
    }
  }
  await inParallel(
    AT_ONCE,
    people.map(
      (person) => () => speakFor(hongmi, notices, person, ids.get(person.key) ?? '', plan),
    ),
  );
  return ids;
}

/** What one member says of themselves, one after the other: consent comes before what needs it. */
async function speakFor(
  hongmi: HongmiClient,
  notices: ReadonlyMap<Purpose, number>,
  { key, joins, isChild, birthday, creditBand, segments }: Person,
  id: string,
  plan: Plan,
): Promise<void> {
  const header = (...what: string[]) => demoKey(...what, key);
  const agree = async (purpose: Purpose): Promise<void> => {
    const params = { path: { id, purpose }, header: header('consent', purpose) };
    const body = { version: notices.get(purpose) ?? 1, channel: 'app' as const };
    await answered(hongmi.PUT('/v1/members/{id}/consents/{purpose}', { params, body }));
  };
  if (isChild) {
    const params = { path: { id }, header: header('minority') };
    const under14Until = momentOf(addDays(plan.until, MINOR_DAYS), 0);
    const body = { under14Until };
    await answered(hongmi.PUT('/v1/members/{id}/minority', { params, body }));
  }
  if (birthday !== null) {
    await agree('birthday');
    const params = { path: { id }, header: header('birthday') };
    await answered(hongmi.PUT('/v1/members/{id}/birthday', { params, body: { birthday } }));
  }
  if (creditBand !== null) {
    await agree('credit_band');
    const params = { path: { id }, header: header('band') };
    const until = momentOf(addDays(plan.until, 365), 0);
    const body = { band: creditBand, from: momentOf(joins, 0), until, source: '征信机构（演示）' };
    await answered(hongmi.PUT('/v1/members/{id}/credit-band', { params, body }));
  }
  if (segments.length > 0) await agree('personalised_offers');
  for (const code of segments) {
    const params = { path: { id, code }, header: header('segment', code) };
    const body = { programme: PROGRAMME };
    await answered(hongmi.PUT('/v1/members/{id}/segments/{code}', { params, body }));
  }
}
