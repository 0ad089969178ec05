import { CLOCK_SKEW_MS, type Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Command, Detail, IssueCommand, Limit } from '../ledger/command.ts';
import type { Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import { DEFAULT_POINT_TYPE, DEFAULT_PROGRAMME, pointTypeOf } from '../programs/programme.ts';
import { claimsOf, limitsOf } from './limits-of.ts';
import { type CommandDeps, type Place, placeOf } from './place.ts';
import type { TransactionBody } from './schema.ts';

/** A command that the programme's settings do not allow now. What was recorded under its key is answered all the same. */
export interface Barred {
  readonly barred: Refusal;
  readonly command: Command;
}

/** A command to submit, or why it may not be. */
export type Formed = Command | Barred | Refusal;

type Asked<K extends TransactionBody['kind']> = Extract<TransactionBody, { kind: K }>;
type AtMerchant = Asked<'issue' | 'burn' | 'hold' | 'adjust'>;
type OnSubject = Asked<'capture' | 'release' | 'return' | 'refund'>;
type Base = Pick<Command, 'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'detail'>;

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
    expiresAt: instantOf(body.expiresAt),
    ...(claims === undefined ? {} : { claims: claimsOf(claims, place.merchant) }),
  };
  if (limits === undefined) return command;
  const limited = (found: readonly Limit[] | Refusal): Command | Refusal =>
    'code' in found ? found : { ...command, limits: found };
  const found = limitsOf(deps, limits, principal, place);
  return found instanceof Promise ? found.then(limited) : limited(found);
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
  // What happened at another merchant is not there for this one.
  const isSeen =
    subject !== undefined &&
    (principal.merchant === null || principal.merchant === subject.merchant);
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

async function expireOf(
  deps: CommandDeps,
  body: Asked<'expire'>,
  principal: Principal,
  key: string,
): Promise<Command | Refusal> {
  if (principal.merchant !== null)
    return problem('merchant_out_of_reach', 'only the operator books what has lapsed');
  const member = mustReadId('member', body.memberId);
  const programme = await deps.programmes.find(body.programme ?? DEFAULT_PROGRAMME);
  if (programme === undefined) return problem('programme_not_found');
  if (!(await deps.members.has(member))) return problem('member_not_found');
  const pointType = pointTypeOf(programme, body.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  const base = baseOf(deps, body, principal, key, {
    member,
    programme: programme.id,
    pointType: pointType.id,
  });
  return 'code' in base ? base : { ...base, kind: 'expire' };
}

async function convertOf(
  deps: CommandDeps,
  body: Asked<'convert'>,
  principal: Principal,
  key: string,
): Promise<Formed> {
  if (principal.merchant !== null) return problem('operator_only');
  const member = mustReadId('member', body.memberId);
  const programme = await deps.programmes.find(body.programme ?? DEFAULT_PROGRAMME);
  if (programme === undefined) return problem('programme_not_found');
  if (!(await deps.members.has(member))) return problem('member_not_found');
  const from = pointTypeOf(programme, body.pointType ?? DEFAULT_POINT_TYPE);
  const to = pointTypeOf(programme, body.toPointType);
  if (from === undefined || to === undefined) return problem('point_type_not_found');
  const rate = programme.conversions.find((each) => each.from === from.code && each.to === to.code);
  if (from === to) return notOffered();
  const place = { member, programme: programme.id, pointType: from.id };
  const base = baseOf(deps, body, principal, key, place);
  if ('code' in base) return base;
  const { num, den } = rate ?? { num: 1, den: 1 };
  const rest = { to: to.id, points: body.points, rate: { num, den } };
  const command = { ...base, ...rest, kind: 'convert' } as const;
  return rate === undefined ? { barred: notOffered(), command } : command;
}

function notOffered(): Refusal {
  return refusal('conversion_not_offered', 'the programme has no rate between these point types');
}

interface Told {
  readonly effectiveAt?: string;
  readonly reason?: string;
  readonly reference?: string;
  readonly actor?: string;
}

function baseOf(
  { programmes }: CommandDeps,
  body: Told,
  principal: Principal,
  key: string,
  { member, programme, pointType }: Omit<Place, 'merchant'>,
): Base | Refusal {
  let effectiveAt: Instant | null = null;
  if (body.effectiveAt !== undefined) {
    if (!principal.scopes.has('points:backdate')) return scopeMissing('points:backdate');
    effectiveAt = mustReadInstant(body.effectiveAt);
    // A future effect would hold back everything the member does until then.
    if (effectiveAt > programmes.programmeClock(programme) + CLOCK_SKEW_MS)
      return refusal('time_in_future', 'it cannot have happened yet');
  }
  const detail = detailOf(body);
  const base = { key: `${principal.tenant}:${key}`, programme, pointType, member, effectiveAt };
  return detail === null ? base : { ...base, detail };
}

function detailOf({ reason, reference, actor }: Told): Detail | null {
  if (reason === undefined && reference === undefined && actor === undefined) return null;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(reference === undefined ? {} : { reference }),
    ...(actor === undefined ? {} : { actor }),
  };
}

function instantOf(text: string | undefined): Instant | null {
  return text === undefined ? null : mustReadInstant(text);
}

function scopeMissing(scope: string): Refusal {
  return problem('scope_missing', `the API key lacks the scope ${scope}`, { scope });
}
