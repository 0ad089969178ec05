import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Command } from '../ledger/command.ts';
import { isWithin, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import type { PointType } from '../programs/point-type.ts';
import {
  DEFAULT_POINT_TYPE,
  DEFAULT_PROGRAMME,
  type Programme,
  pointTypeOf,
} from '../programs/programme.ts';
import { type Barred, baseOf } from './base-of.ts';
import type { CommandDeps } from './place.ts';
import type { TransactionBody } from './schema.ts';

type Asked<K extends TransactionBody['kind']> = Extract<TransactionBody, { kind: K }>;

/** Books what has lapsed of an account. */
export async function expireOf(
  deps: CommandDeps,
  body: Asked<'expire'>,
  principal: Principal,
  key: string,
): Promise<Command | Refusal> {
  if (principal.merchant !== null)
    return problem('merchant_out_of_reach', 'only the operator books what has lapsed');
  const account = await accountOf(deps, body, principal);
  if ('code' in account) return account;
  const { member, programme, pointType } = account;
  const place = { member, programme: programme.id, pointType: pointType.id };
  const base = baseOf(deps, body, principal, key, place);
  return 'code' in base ? base : { ...base, kind: 'expire' };
}

/** Turns points of one type into another's, at the programme's rate. */
export async function convertOf(
  deps: CommandDeps,
  body: Asked<'convert'>,
  principal: Principal,
  key: string,
): Promise<Command | Barred | Refusal> {
  if (principal.merchant !== null) return problem('operator_only');
  const account = await accountOf(deps, body, principal);
  if ('code' in account) return account;
  const { member, programme, pointType: from } = account;
  const to = pointTypeOf(programme, body.toPointType);
  if (to === undefined) return problem('point_type_not_found');
  if (from === to) return notOffered();
  const place = { member, programme: programme.id, pointType: from.id };
  const base = baseOf(deps, body, principal, key, place);
  if ('code' in base) return base;
  const rate = programme.conversions.find((each) => each.from === from.code && each.to === to.code);
  const { num, den } = rate ?? { num: 1, den: 1 };
  const rest = { to: to.id, points: body.points, rate: { num, den } };
  const command = { ...base, ...rest, kind: 'convert' } as const;
  return rate === undefined ? { barred: notOffered(), command } : command;
}

interface Account {
  readonly member: Uuid;
  readonly programme: Programme;
  readonly pointType: PointType;
}

/** The account that a request names without a merchant. */
async function accountOf(
  deps: CommandDeps,
  body: Asked<'expire' | 'convert'>,
  principal: Principal,
): Promise<Account | Refusal> {
  const member = mustReadId('member', body.memberId);
  const code = body.programme ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
  const programme = await deps.programmes.find(code);
  if (programme === undefined || !isWithin(principal, programme.id))
    return problem('programme_not_found');
  if (!(await deps.members.has(member))) return problem('member_not_found');
  const pointType = pointTypeOf(programme, body.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  return { member, programme, pointType };
}

function notOffered(): Refusal {
  return refusal('conversion_not_offered', 'the programme has no rate between these point types');
}
