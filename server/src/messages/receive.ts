import type { Consents } from '../consents/registry.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Memberships } from '../members/memberships.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import {
  countUnread,
  findMessage,
  type Inbox,
  type MessagePlace,
  type Received,
  readEvidenceOf,
  readInbox,
} from './inbox-store.ts';
import type { Evidence, EvidenceKind, Message } from './message.ts';
import { insertEvidence } from './store.ts';

export interface ReceiveDeps {
  readonly pool: Pool;
  readonly programmes: ProgrammeRegistry;
  readonly memberships: Memberships;
  readonly consents: Pick<Consents, 'has'>;
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  /** Why nothing more is done in the name of a member who has become part of another one. */
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  /** The programmes in which a member has an account. */
  readonly accountsOf: (member: Uuid) => Promise<readonly number[]>;
}

/** Whose messages these are, of a member who speaks for themselves. */
export async function openInbox(
  deps: ReceiveDeps,
  member: Uuid,
  onlyUnread = false,
): Promise<Inbox | Refusal> {
  if (!(await deps.hasMember(member))) return problem('member_not_found');
  const refusal = await deps.refusalOf(member);
  if (refusal !== undefined) return refusal;
  const [{ programmes: joined, absorbed }, accounts, withAdvertising] = await Promise.all([
    deps.memberships.of(member),
    deps.accountsOf(member),
    deps.consents.has(member, 'messages_in_app'),
  ]);
  return {
    member,
    owners: [member, ...absorbed],
    programmes: [...new Set([...joined, ...accounts])],
    times: deps.programmes
      .all()
      .map(({ id }) => ({ programme: id, now: deps.programmes.programmeClock(id) })),
    withAdvertising,
    onlyUnread,
  };
}

/** A page of an inbox, and one more; whoever asks gets what is due, and that they got it is noted. */
export async function fetchMessages(
  { pool, programmes }: ReceiveDeps,
  inbox: Inbox,
  page: { readonly before: MessagePlace | null; readonly limit: number },
  byKey: Uuid,
): Promise<{ readonly found: Received[]; readonly unread: number }> {
  const found = await readInbox(pool, inbox, page.before, page.limit + 1);
  const fresh = found.slice(0, page.limit).filter((each) => each.fetchedAt === null);
  // Noted before the answer leaves: what was shown has evidence, even if the answer is then lost.
  if (fresh.length > 0) {
    const noted = fresh.map((each) => evidenceOf(programmes, inbox.member, each, 'fetched', byKey));
    await withTransaction(pool, (tx) => insertEvidence(tx, noted));
  }
  return { found, unread: await countUnread(pool, inbox) };
}

/** Notes that a member read a message that was shown to them; the first time counts. */
export async function readMessage(
  tx: Transaction,
  { programmes }: Pick<ReceiveDeps, 'programmes'>,
  inbox: Inbox,
  id: Uuid,
  byKey: Uuid,
): Promise<Received | Refusal> {
  const message = await findMessage(tx, id);
  if (message === undefined || !isShown(programmes, inbox, message))
    return problem('message_not_found');
  const of = (what: EvidenceKind): Evidence =>
    evidenceOf(programmes, inbox.member, message, what, byKey);
  // Who read it has it, also where it came without this list.
  await insertEvidence(tx, [of('fetched'), of('read')]);
  return { ...message, ...(await readEvidenceOf(tx, id, message.member ?? inbox.member)) };
}

/** Whether the message is theirs and due; one that is over may still be open before them. */
function isShown(programmes: ProgrammeRegistry, inbox: Inbox, message: Message): boolean {
  const { member, programme, dueAt } = message;
  const isTheirs =
    member === null ? inbox.programmes.includes(programme) : inbox.owners.includes(member);
  return isTheirs && dueAt <= programmes.programmeClock(programme);
}

function evidenceOf(
  programmes: ProgrammeRegistry,
  asking: Uuid,
  { id, member, programme }: Message,
  what: EvidenceKind,
  byKey: Uuid,
): Evidence {
  const at = programmes.programmeClock(programme);
  return { message: id, member: member ?? asking, what, at, byKey };
}
