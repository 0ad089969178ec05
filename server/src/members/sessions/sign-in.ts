import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import { newId } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { Conflict, isUniqueViolation } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import { insertInvited, readInviter } from '../invitations/store.ts';
import { lastFourIndex, phoneContext, phoneIndex } from '../member.ts';
import { insertMembers, readTaken } from '../store.ts';
import { codeIndex } from './ask-for-code.ts';
import { CODE_LASTS_MS, REPEAT_MS, TRIES_MAX } from './limits.ts';
import { mayJoin } from './may-join.ts';
import {
  endByToken,
  insertSession,
  lockLastCode,
  type MemberSession,
  noteTry,
  noteUsed,
  renewSession,
  type SentCode,
} from './store.ts';

const TOKEN_BYTES = 32;
/** Of ten digits: what codes of a session begin with. */
const NUMBERS = 10 ** 10;

export interface SignInAsked {
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  /** The programme they join if they are nobody yet; null: none. */
  readonly join: string | null;
  /** The code of the invitation that they come by; null: none. */
  readonly invitation: string | null;
  readonly userAgent: string | null;
  /** The Idempotency-Key; undefined: they repeat nothing. */
  readonly key: string | undefined;
  /** The token that the browser had until now; undefined: none. */
  readonly before: string | undefined;
}

export interface SignedIn {
  readonly session: MemberSession;
  /** What the cookie holds, and nobody keeps. */
  readonly token: string;
  /** Whether they became a member by this. */
  readonly hasJoined: boolean;
}

interface Deps {
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Opens a session for whoever has the code that was sent to a number. A code counts once, for some minutes, and after some
 * wrong ones never; all of these are refused alike. Every try is kept, also of what is refused. The same request once more, soon after
 * it was granted, is granted again: its answer was lost, and the code with it.
 */
export async function signIn(
  tx: Transaction,
  asked: SignInAsked,
  deps: Deps,
): Promise<{ readonly refusal: Refusal } | SignedIn> {
  const { sealer, clock } = deps;
  const { phone, code, userAgent, before } = asked;
  const index = phoneIndex(sealer, phone);
  const sent = await lockLastCode(tx, index);
  const now = clock.now();
  const request = requestIndex(sealer, asked);
  if (sent?.used) return (await answerAgain(tx, sent, request, now)) ?? WRONG;
  if (sent === undefined || sent.tries >= TRIES_MAX) return WRONG;
  if (now < sent.madeAt || now - sent.madeAt >= CODE_LASTS_MS) return WRONG;
  const isRight = timingSafeEqual(sent.code, codeIndex(sealer, sent.id, code));
  await noteTry(tx, sent.id, isRight);
  if (!isRight) return WRONG;
  const known = [...(await readTaken(tx, [index], [])).byPhone.values()][0];
  const member = known ?? (await register(tx, asked, deps));
  if (member === undefined) return WRONG;
  const token = newToken();
  const session = { id: newId(now), member, begunAt: now, seenAt: now, userAgent };
  // Of ten digits there is always one that is nobody's.
  while (!(await insertSession(tx, session, { token: sha256(token), number: randomInt(NUMBERS) })));
  // What the browser forgets by this is not left open behind it.
  if (before !== undefined) await endByToken(tx, sha256(before), now);
  const hasJoined = known === undefined;
  await noteUsed(tx, sent.id, { request, session: session.id, joined: hasJoined });
  return { session, token, hasJoined };
}

/**
 * The session that the same request began a moment ago, with a new token: nobody keeps the one before, and should it have arrived all
 * the same, it opens nothing any more.
 */
async function answerAgain(
  tx: Transaction,
  { request: granted, session: id, joined }: SentCode,
  request: Buffer | null,
  now: Instant,
): Promise<SignedIn | undefined> {
  if (id === null || granted === null || request === null) return undefined;
  if (!timingSafeEqual(granted, request)) return undefined;
  const token = newToken();
  const renewed = { id, token: sha256(token), since: now - REPEAT_MS };
  const session = await renewSession(tx, renewed);
  return session === undefined ? undefined : { session, token, hasJoined: joined };
}

const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** All that makes a request the same: what it asks, of which browser, and by a key that it alone knows. */
function requestIndex(
  sealer: Sealer,
  { key, phone, code, join, invitation, userAgent }: SignInAsked,
): Buffer | null {
  if (key === undefined) return null;
  const whole = JSON.stringify([key, phone, code, join, invitation, userAgent]);
  return sealer.index('member.sign-in', whole);
}

const WRONG = { refusal: problem('code_wrong') };

/**
 * Makes a member of whoever has proven a number, where the programme lets them. An invitation counts for nobody who was a member
 * before; one that is not known, or leads into another programme, is none: who comes by it is welcome all the same.
 */
async function register(
  tx: Transaction,
  { phone, join, invitation }: SignInAsked,
  { sealer, clock }: Deps,
): Promise<Uuid | undefined> {
  const programme = await mayJoin(tx, join);
  if (programme === undefined) return undefined;
  const now: Instant = clock.now();
  const id = newId(now);
  const found = {
    sealed: sealer.seal(phoneContext(id), phone),
    index: phoneIndex(sealer, phone),
    lastFourIndex: lastFourIndex(sealer, phone.slice(-4)),
  };
  try {
    await insertMembers(
      tx,
      [{ id, programme, merchant: null, phone: found, name: null, externalIds: [] }],
      now,
    );
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Conflict('somebody registered this person meanwhile', { cause: error });
    throw error;
  }
  const by = invitation === null ? undefined : await readInviter(tx, invitation, programme);
  if (by !== undefined) await insertInvited(tx, { member: id, programme, by, since: now });
  return id;
}
