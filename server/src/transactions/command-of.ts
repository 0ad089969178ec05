import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Command, IssueCommand, Limit } from '../ledger/command.ts';
import { countedBy } from '../ledger/limits.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import { usualExpiry, usualSlide } from '../programs/programme.ts';
import { type Barred, type Base, baseOf, instantOf, scopeMissing } from './base-of.ts';
import { claimsOf, limitsOf } from './limits-of.ts';
import { convertOf, expireOf } from './on-account.ts';
import { type CommandDeps, type Place, placeOf } from './place.ts';
import type { TransactionBody } from './schema.ts';

/** A command to submit, or why it may not be. */
export type Formed = Command | Barred | Refusal;

type Asked<K extends TransactionBody['kind']> = Extract<TransactionBody, { kind: K }>;
type AtMerchant = Asked<'issue' | 'burn' | 'hold' | 'adjust'>;
type OnSubject = Asked<'capture' | 'release' | 'return' | 'refund'>;

const DAY_MS = 24 * 3600 * 1000;

/** What a request asks for. `key` is the caller's, without the tenant. */
export function commandOf(
  deps: CommandDeps,
  body: TransactionBody,
  principal: Principal,
  key: string,
): Formed | Promise<Formed> {
  switch (body.kind) {
    case 'issue':
    case 'burn':
    case 'hold':
    case 'adjust':
      return atMerchant(deps, body, principal, key);
    case 'expire':
      return expireOf(deps, body, principal, key);
    case 'convert':
      return convertOf(deps, body, principal, key);
    default:
      return onSubject(deps, body, principal, key);
  }
}

function atMerchant(
  deps: CommandDeps,
  body: AtMerchant,
  principal: Principal,
  key: string,
): Formed | Promise<Formed> {
  const place = placeOf(deps, body, principal);
  return place instanceof Promise
    ? place.then((found) => atPlace(deps, body, principal, key, found))
    : atPlace(deps, body, principal, key, place);
}

function atPlace(
  deps: CommandDeps,
  body: AtMerchant,
  principal: Principal,
  key: string,
  place: Place | Refusal,
): Formed | Promise<Formed> {
  if ('code' in place) return place;
  const { merchant } = place;
  const base = baseOf(deps, body, principal, key, place);
  if ('code' in base) return base;
  switch (body.kind) {
    case 'burn':
      return burnOf(body, base, merchant, principal);
    case 'issue':
      return issueOf(deps, body, base, principal, place);
    case 'hold':
      return holdOf(body, base, merchant, deps.programmes.programmeClock(place.programme));
    case 'adjust': {
      const limit = deps.programmes.byId(place.programme)?.adjustLimit ?? 0;
      if (!principal.scopes.has('points:adjust')) return scopeMissing('points:adjust');
      const { points } = body;
      const expiresAt = instantOf(body.expiresAt);
      const command = { ...base, kind: 'adjust', merchant, points, expiresAt } as const;
      if (Math.abs(points) <= limit) return command;
      const message = `adjusting more than ${limit} points needs a second person: propose it`;
      return { barred: refusal('approval_required', message, { limit }), command };
    }
  }
}

function burnOf(
  { points, overdraft, overdraftMax }: Asked<'burn'>,
  base: Base,
  merchant: Uuid,
  principal: Principal,
): Command | Refusal {
  if ((overdraft === undefined) !== (overdraftMax === undefined))
    return refusal('overdraft_needs_max', 'overdraft and overdraftMax come together');
  if (overdraftMax === undefined) return { ...base, kind: 'burn', merchant, points };
  if (!principal.scopes.has('points:overdraft')) return scopeMissing('points:overdraft');
  return { ...base, kind: 'burn', merchant, points, overdraftMax };
}

function issueOf(
  deps: CommandDeps,
  body: Asked<'issue'>,
  base: Base,
  principal: Principal,
  place: Place,
): Formed | Promise<Formed> {
  const { points, limits, claims } = body;
  const command: IssueCommand = {
    ...base,
    kind: 'issue',
    merchant: place.merchant,
    points,
    availableAt: instantOf(body.availableAt),
    ...expiryOf(deps, body.expiresAt, base, place),
    ...(claims === undefined ? {} : { claims: claimsOf(claims, place.merchant) }),
  };
  if (limits === undefined) return command;
  const limited = (found: readonly Limit[] | Refusal): Command | Refusal =>
    'code' in found ? found : { ...command, limits: found };
  const found = limitsOf(deps, limits, principal, place);
  return found instanceof Promise ? found.then(limited) : limited(found);
}

/** As told, or as is usual for what is earned then. */
function expiryOf(
  { programmes }: CommandDeps,
  told: string | null | undefined,
  { effectiveAt }: Base,
  place: Place,
): Pick<IssueCommand, 'expiresAt' | 'expiry' | 'slideMonths'> {
  if (told === null) return { expiresAt: null, expiry: 'never' };
  if (told !== undefined) return { expiresAt: mustReadInstant(told) };
  const earnedAt = effectiveAt ?? programmes.programmeClock(place.programme);
  const programme = programmes.byId(place.programme, earnedAt);
  if (programme === undefined) throw new Error(`there is no programme ${place.programme}`);
  const expiresAt = usualExpiry(programme, place.pointType, earnedAt);
  const slideMonths = usualSlide(programme, place.pointType);
  return { expiresAt, expiry: 'usual', ...(slideMonths === null ? {} : { slideMonths }) };
}

function holdOf(body: Asked<'hold'>, base: Base, merchant: Uuid, now: Instant): Command | Refusal {
  const { expiresAt, expiresInSeconds, points } = body;
  if ((expiresAt === undefined) === (expiresInSeconds === undefined)) {
    return refusal('hold_needs_end', 'a hold names expiresAt or expiresInSeconds, not both');
  }
  if (expiresAt !== undefined)
    return { ...base, kind: 'hold', merchant, points, expiresAt: mustReadInstant(expiresAt) };
  const until = now + (expiresInSeconds ?? 0) * 1000;
  return holdUntil(
    { ...base, kind: 'hold', merchant, points, expiresAt: until },
    expiresInSeconds ?? 0,
    until,
  );
}

/** A hold that was asked for by its length. When that began stands in its detail, so that a repeated request can be told the same. */
export function holdUntil(
  command: Extract<Command, { kind: 'hold' }>,
  expiresInSeconds: number,
  expiresAt: Instant,
): Command {
  return { ...command, expiresAt, detail: { ...command.detail, expiresInSeconds, expiresAt } };
}

async function onSubject(
  deps: CommandDeps,
  body: OnSubject,
  principal: Principal,
  key: string,
): Promise<Command | Refusal> {
  const member = mustReadId('member', body.memberId);
  const byHold = body.kind === 'capture' || body.kind === 'release';
  const id = byHold
    ? mustReadId('hold', body.holdId)
    : mustReadId('transaction', body.transactionId);
  const subject = await deps.subjects.find(id);
  // What happened at another merchant, or in another programme, is not there for this caller.
  const isSeen = subject !== undefined && reaches(principal, subject);
  if (!isSeen || !(await isOf(deps, subject.member, member)))
    return problem(byHold ? 'hold_not_found' : 'transaction_not_found');
  const programme = deps.programmes.byId(subject.programme);
  const base = baseOf(deps, body, principal, key, subject);
  if ('code' in base) return base;
  const points = 'points' in body && body.points !== undefined ? { points: body.points } : {};
  switch (body.kind) {
    case 'capture':
      return { ...base, ...points, kind: 'capture', hold: id };
    case 'release':
      return { ...base, kind: 'release', hold: id };
    case 'return':
      return {
        ...base,
        kind: 'return',
        earn: id,
        points: body.points,
        policy: body.policy ?? programme?.returnPolicy ?? 'debt',
        ...(body.freeLimits === true ? { limits: countedBy(subject.marks ?? []) } : {}),
      };
    case 'refund':
      return {
        ...base,
        ...points,
        kind: 'refund',
        burn: id,
        graceMs: (programme?.refundGraceDays ?? 0) * DAY_MS,
      };
  }
}

/** A member's own, or one's who has become part of them: it is acted on where it was recorded. */
async function isOf({ members }: CommandDeps, owner: Uuid, member: Uuid): Promise<boolean> {
  return owner === member || (await members.survivors(owner)).includes(member);
}
