import { backup } from './commands/backup.ts';
import { balance } from './commands/balance.ts';
import { closePeriod, listPeriods, saveStatement } from './commands/clearing.ts';
import { listDossiers, listPrices, listTerms } from './commands/clearing-lists.ts';
import { erase } from './commands/erase.ts';
import { explain } from './commands/explain.ts';
import { exportLedger } from './commands/export.ts';
import { importOrdersCommand } from './commands/import-orders.ts';
import { createKey, listKeys, revokeKey, rotateApiKey } from './commands/keys.ts';
import { lots } from './commands/lots.ts';
import { createMember, findMembers, showMember } from './commands/members.ts';
import { merge } from './commands/merge.ts';
import { migrate } from './commands/migrate.ts';
import { applyPackCommand, listPacks, showPack } from './commands/packs.ts';
import { reconcile } from './commands/reconcile.ts';
import { restore } from './commands/restore.ts';
import { scenarios } from './commands/scenarios.ts';
import { rotateKey } from './commands/seal.ts';
import { addStaff, listStaff, resetStaff, suspendStaff } from './commands/staff.ts';
import { trail } from './commands/trail.ts';
import { transactions } from './commands/transactions.ts';
import { verify } from './commands/verify.ts';
import type { Command } from './shell.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  importOrdersCommand,
  listPacks,
  showPack,
  applyPackCommand,
  scenarios,
  verify,
  exportLedger,
  backup,
  restore,
  migrate,
  findMembers,
  showMember,
  createMember,
  balance,
  lots,
  transactions,
  trail,
  explain,
  listPeriods,
  closePeriod,
  saveStatement,
  reconcile,
  listTerms,
  listPrices,
  listDossiers,
  listKeys,
  createKey,
  rotateApiKey,
  revokeKey,
  addStaff,
  listStaff,
  suspendStaff,
  resetStaff,
  rotateKey,
  erase,
  merge,
];
