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
    expiresAt: order.expiresAt,
    limits: UNLIMITED,
  };
  return order.awards.length === 0 ? [ratio] : [ratio, ...order.awards];
}

/** The commands of an order's earns: always the same for the same order, so that they can be sent again. */
export function earnCommands(order: Order): IssueCommand[] {
  const { id, programme, member, merchant, effectiveAt, expiresAt } = order;
  const source = { kind: 'order', id } as const;
  const common = { kind: 'issue', programme, member, merchant, effectiveAt, source } as const;
  const commands: IssueCommand[] = [];
  if (order.pointsEarned > 0)
    commands.push({
      ...common,
      key: `order:${id}`,
      id,
      pointType: order.pointType,
      points: order.pointsEarned,
      ...(expiresAt === null ? {} : { expiresAt }),
    });
  for (const award of order.awards)
    commands.push({
      ...common,
      key: `order:${id}:${award.place}`,
      id: award.earn,
      pointType: award.pointType,
      points: award.points,
      availableAt: award.availableAt,
      expiresAt: award.expiresAt,
      limits: award.limits,
      ...(award.funders === null ? {} : { funders: award.funders }),
      ruleVersion: award.version,
    });
  return commands;
}
