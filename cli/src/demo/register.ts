import type { Hongmi } from '@hongmi/sdk';
import { type Coalition, PROGRAMME, type Purpose } from './set-up.ts';
import { demoKey, inParallel } from './write-once.ts';
import { addDays, momentOf } from './year/calendar.ts';
import { nameOf } from './year/names.ts';
import type { Person } from './year/person.ts';
import type { Plan } from './year/plan.ts';

/** What the demo's members are called. */
export const MEMBER_SYSTEM = 'demo';
const BULK_MAX = 1_000;
const AT_ONCE = 12;
/** A pupil's guardian speaks for them for so many days. */
const MINOR_DAYS = 1_500;

/** Registers people where they join; answers their ids by key. */
export async function registerPeople(
  hongmi: Hongmi,
  { merchants }: Pick<Coalition, 'merchants'>,
  people: readonly Person[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (let from = 0; from < people.length; from += BULK_MAX) {
    const part = people.slice(from, from + BULK_MAX);
    const members = part.map(({ key, phone, home }) => ({
      phone,
      ...named(nameOf(key)),
      externalIds: { [MEMBER_SYSTEM]: key },
      programme: PROGRAMME,
      merchantId: merchants.get(home) ?? '',
      idempotencyKey: `demo-member-${key}`,
    }));
    const { results } = await hongmi.createMembers(
      { members },
      demoKey('members', members[0]?.idempotencyKey ?? ''),
    );
    for (const [index, { key }] of part.entries()) {
      const result = results[index];
      const id = result?.member?.id ?? result?.memberId;
      if (id === undefined)
        throw new Error(`${key} was not registered: ${result?.problem?.detail ?? 'no answer'}`);
      ids.set(key, id);
    }
  }
  return ids;
}

const named = (name: string | undefined) => (name === undefined ? {} : { name });

/** Writes down what people say of themselves and agree to, who have registered with these ids. */
export async function speakFor(
  speaking: Speaking,
  people: readonly Person[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  // One thing of everybody after the other: each locks its member, and so they seldom wait for one another.
  const works = [sayChildhood, sayBirthday, sayCreditBand, sayInterests].flatMap((say) =>
    people.map((person) => () => say(speaking, person, ids.get(person.key) ?? '')),
  );
  await inParallel(AT_ONCE, works);
}

/** What is needed to speak for people. */
export interface Speaking {
  readonly hongmi: Hongmi;
  readonly notices: Coalition['notices'];
  readonly plan: Plan;
}

const headerOf = ({ key }: Person, ...what: string[]) => demoKey(...what, key);

async function agree(
  { hongmi, notices }: Speaking,
  person: Person,
  id: string,
  purpose: Purpose,
): Promise<void> {
  await hongmi.giveConsent(
    { id, purpose, version: notices.get(purpose) ?? 1, channel: 'app' },
    headerOf(person, 'consent', purpose),
  );
}

async function sayChildhood({ hongmi, plan }: Speaking, person: Person, id: string): Promise<void> {
  if (!person.isChild) return;
  const under14Until = momentOf(addDays(plan.until, MINOR_DAYS), 0);
  await hongmi.setMinority({ id, under14Until }, headerOf(person, 'minority'));
}

async function sayBirthday(speaking: Speaking, person: Person, id: string): Promise<void> {
  const { birthday } = person;
  if (birthday === null) return;
  await agree(speaking, person, id, 'birthday');
  await speaking.hongmi.keepBirthday({ id, birthday }, headerOf(person, 'birthday'));
}

async function sayCreditBand(speaking: Speaking, person: Person, id: string): Promise<void> {
  const { creditBand: band, joins } = person;
  if (band === null) return;
  await agree(speaking, person, id, 'credit_band');
  const until = momentOf(addDays(speaking.plan.until, 365), 0);
  await speaking.hongmi.setCreditBand(
    { id, band, from: momentOf(joins, 0), until, source: '征信机构（演示）' },
    headerOf(person, 'band'),
  );
}

async function sayInterests(speaking: Speaking, person: Person, id: string): Promise<void> {
  if (person.segments.length === 0) return;
  await agree(speaking, person, id, 'personalised_offers');
  for (const code of person.segments) {
    await speaking.hongmi.putIntoSegment(
      { id, code, programme: PROGRAMME },
      headerOf(person, 'segment', code),
    );
  }
}
