import type { IssueCommand, Limit } from '../ledger/command.ts';
import type { AskedEarn } from './award.ts';
import type { Order } from './order.ts';

const UNLIMITED: readonly Limit[] = [];

/** What an order asks for, by place: what the merchant's ratio gave, then what rules gave. */
export function earnsOf(order: Order): readonly AskedEarn[] {
  if (order.pointsEarned === 0) return order.awards;
  const ratio: AskedEarn = {
    place: 0,
    earn: order.id,
    version: null,
    pointType: order.pointType,
    points: order.pointsEarned,
    due: order.pointsDue,
    availableAt: null,
    onCompletion: false,
    expiresAt: order.expiresAt,
    slideMonths: order.slideMonths,
    limits: UNLIMITED,
  };
  return order.awards.length === 0 ? [ratio] : [ratio, ...order.awards];
}

/** The commands of an order's earns: always the same for the same order, so that they can be sent again. */
export function earnCommands(order: Order): IssueCommand[] {
  const commands: IssueCommand[] = [];
  if (order.pointsEarned > 0) commands.push(ratioCommand(order));
  const { id, programme, member, merchant, effectiveAt } = order;
  const source = { kind: 'order', id } as const;
  for (const award of order.awards)
    commands.push({
      ...{ kind: 'issue', programme, member, merchant, effectiveAt, source },
      key: `order:${id}:${award.place}`,
      id: award.earn,
      pointType: award.pointType,
      points: award.points,
      availableAt: award.availableAt,
      expiresAt: award.expiresAt,
      ...(award.slideMonths === null ? {} : { slideMonths: award.slideMonths }),
      limits: award.limits,
      ...(award.funders === null ? {} : { funders: award.funders }),
      ruleVersion: award.version,
    });
  return commands;
}

/** Of what the merchant's ratio gave: for nearly every order the only one. */
function ratioCommand(order: Order): IssueCommand {
  const command: IssueCommand = {
    kind: 'issue',
    key: `order:${order.id}`,
    id: order.id,
    programme: order.programme,
    pointType: order.pointType,
    member: order.member,
    merchant: order.merchant,
    points: order.pointsEarned,
    effectiveAt: order.effectiveAt,
    source: { kind: 'order', id: order.id },
  };
  const { expiresAt, slideMonths } = order;
  if (expiresAt === null) return command;
  return { ...command, expiresAt, ...(slideMonths === null ? {} : { slideMonths }) };
}
