import type { Pool } from 'pg';
import { afterSales } from './after-sales.ts';
import { agreements } from './agreements.ts';
import { consents } from './consents.ts';
import { green } from './green.ts';
import { keys } from './keys.ts';
import { ledger } from './ledger.ts';
import { members } from './members.ts';
import { merchants } from './merchants.ts';
import { orders } from './orders.ts';
import { programmes } from './programmes.ts';
import { redemptions } from './redemptions.ts';
import { rewards } from './rewards.ts';
import { rules } from './rules.ts';
import { openScene } from './scene.ts';
import { settlement } from './settlement.ts';
import { staff } from './staff.ts';
import { tiers } from './tiers.ts';
import type { Write } from './write.ts';

/** In the order in which they are done: a member is erased after what was done for them. */
const AREAS = [
  ...[keys, programmes, tiers, merchants, orders, green, ledger, members, consents, rules],
  ...[rewards, redemptions, afterSales, agreements, settlement, staff],
];
type Name = (typeof AREAS)[number]['names'][number];
export type Writes = Readonly<Record<Name, Write>>;

/** Every write, those that move points by what they do. */
export const OPERATIONS: readonly Name[] = AREAS.flatMap(({ names }): readonly Name[] => names);

/** Nothing has lapsed, nobody approves what they proposed, and the simulation has ended: refusals by the rules, not of the form. */
export const BY_THE_RULES: Readonly<Record<string, string>> = {
  'createTransaction expire': 'nothing_due',
  approveAdjustment: 'same_person',
  decideClearingAdjustment: 'same_person',
  cancelSimulation: 'simulation_finished',
};

/** Writes of which there is no dry run; docs/api.md says why. */
export const WITHOUT_DRY_RUN: readonly Name[] = [
  ...(['createKey', 'createKey of a programme', 'rotateKey'] as const),
  ...(['inviteStaff', 'inviteStaff of a programme', 'inviteStaffAgain', 'resetStaff'] as const),
  ...(['examineRules', 'checkVoucher'] as const),
];

/** Makes what the good bodies name, and writes them down by operation. */
export async function prepareWrites(url: string, pool: Pool): Promise<Writes> {
  const scene = await openScene(url, pool);
  const writes: Partial<Record<Name, Write>> = {};
  for (const { prepare } of AREAS) Object.assign(writes, await prepare(scene));
  return writes as Writes;
}
