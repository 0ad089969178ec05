import { consents, type Known, readKnown } from '../consents/known.ts';
import type { Clock, Instant } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { ADVERTISING, type FactsOf, KINDS, type Message, type MessageKind } from './message.ts';
import { afterQuietHours, type MessageCap, type MessagePolicy } from './policy.ts';
import { render } from './render.ts';
import { countDue, insertMessages, isTold, lockMembers, readPolicies } from './store.ts';

/** What somebody wants told. */
export type Draft = {
  readonly [K in MessageKind]: {
    readonly kind: K;
    readonly facts: FactsOf[K];
    readonly programme: number;
    /** Null: everybody in the programme. */
    readonly member: Uuid | null;
    /** Names the reason: what has this key is told once. Begin it with who writes it. */
    readonly dedupeKey: string;
    /** By the programme's clock; absent: at once. */
    readonly dueAt?: Instant;
    /** Not shown from here on; absent: shown for ever. */
    readonly expiresAt?: Instant;
  };
}[MessageKind];

/** What became of a draft; `known`: it was told before. */
export type Fate = 'made' | 'known' | 'not_consented' | 'capped';

export interface Outbox {
  /** The machine's. */
  readonly clock: Clock;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
}

/**
 * Writes messages into the outbox, in the transaction of whoever wants them told, and answers what became of
 * each, in order: both stand or neither does.
 */
export async function writeMessages(
  tx: Transaction,
  outbox: Outbox,
  drafts: readonly Draft[],
): Promise<Fate[]> {
  if (drafts.length === 0) return [];
  const policies = await readPolicies(tx, [...new Set(drafts.map((each) => each.programme))]);
  const messages = drafts.map((draft) =>
    messageOf(outbox, draft, policies.get(draft.programme) as MessagePolicy),
  );
  const free = messages.filter((each) => KINDS[each.kind].isLegal);
  const made = free.length === 0 ? new Set<string>() : await insertMessages(tx, free);
  const bound = messages.filter((each) => !KINDS[each.kind].isLegal);
  const held = await writeBound(tx, outbox, bound, policies);
  const told = new Set<string>();
  return messages.map(({ dedupeKey }) => {
    const fate = held.get(dedupeKey) ?? (made.has(dedupeKey) ? 'made' : 'known');
    // Of two that came together under one key, the first was made.
    const isRepeated = told.has(dedupeKey);
    told.add(dedupeKey);
    return isRepeated && fate === 'made' ? 'known' : fate;
  });
}

function messageOf({ clock, programmes }: Outbox, draft: Draft, policy: MessagePolicy): Message {
  const programme = programmes.byId(draft.programme);
  if (programme === undefined) throw new Error(`a message is for the programme ${draft.programme}`);
  const now = programmes.programmeClock(programme.id);
  const { dueAt = now, expiresAt = null } = draft;
  return {
    id: newId(clock.now()),
    programme: programme.id,
    member: draft.member,
    kind: draft.kind,
    channel: 'in_app',
    dedupeKey: draft.dedupeKey,
    facts: draft.facts,
    ...wordsOf(draft),
    dueAt: dueOf(draft.kind, dueAt, expiresAt, policy, programme),
    expiresAt,
    madeAt: now,
  };
}

/** When a message of a kind is shown that is written at `at`. */
export async function readDue(
  sql: Sql,
  kind: MessageKind,
  programme: Programme,
  at: Instant,
): Promise<Instant> {
  const policy = (await readPolicies(sql, [programme.id])).get(programme.id) as MessagePolicy;
  return dueOf(kind, at, null, policy, programme);
}

function dueOf(
  kind: MessageKind,
  at: Instant,
  expiresAt: Instant | null,
  { quietHours }: MessagePolicy,
  { timeZone }: Programme,
): Instant {
  if (!KINDS[kind].canWait) return at;
  const later = afterQuietHours(at, quietHours, timeZone);
  // Better at night than never.
  return expiresAt === null || later < expiresAt ? later : at;
}

/** One draft at a time: its kind and facts belong together, which the compiler knows only of each alone. */
function wordsOf(draft: Draft): ReturnType<typeof render> {
  return render(draft.kind, draft.facts as never);
}

/** Writes what is not demanded by law: within the caps, and advertising only to those who consent. */
async function writeBound(
  tx: Transaction,
  { clock }: Outbox,
  messages: readonly Message[],
  policies: ReadonlyMap<number, MessagePolicy>,
): Promise<Map<string, Fate>> {
  const fates = new Map<string, Fate>();
  if (messages.length === 0) return fates;
  const members = messages.flatMap(({ member }) => (member === null ? [] : [member]));
  await lockMembers(tx, members);
  const known = await readKnown(tx, [...new Set(members)]);
  for (const message of messages) {
    if (fates.has(message.dedupeKey)) continue;
    const caps = policies.get(message.programme)?.caps ?? [];
    fates.set(message.dedupeKey, await writeOne(tx, message, { known, caps, now: clock.now() }));
  }
  return fates;
}

async function writeOne(
  tx: Transaction,
  message: Message,
  by: {
    readonly known: ReadonlyMap<Uuid, Known>;
    readonly caps: readonly MessageCap[];
    readonly now: Instant;
  },
): Promise<Fate> {
  const { member, kind, programme, dueAt } = message;
  if (await isTold(tx, message.dedupeKey)) return 'known';
  if (member !== null) {
    const own = by.known.get(member);
    const isWanted =
      kind !== ADVERTISING || (own !== undefined && consents(own, 'messages_in_app', null, by.now));
    if (!isWanted) return 'not_consented';
    for (const cap of by.caps.filter((each) => each.kind === kind)) {
      const within = cap.days * DAY_MS;
      const around = { after: dueAt - within, before: dueAt + within };
      if ((await countDue(tx, { member, programme, kind }, around)) >= cap.max) return 'capped';
    }
  }
  return (await insertMessages(tx, [message])).size === 1 ? 'made' : 'known';
}

const DAY_MS = 24 * 3_600_000;
