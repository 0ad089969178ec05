import type { Output } from '@hongmi/sdk';
import type { Recorded } from '@hongmi/ui/transaction.ts';
import { hongmi, ME } from '../../app/api.ts';

interface StatementLine {
  readonly id: string;
  readonly at: string;
  readonly kind: Recorded['kind'];
  readonly merchant: string;
  readonly programme: string;
  readonly pointType: string;
  /** What was added; below zero: taken. */
  readonly points: number;
  readonly balance: number;
}

export interface Statement {
  readonly accounts: Output<'getStatement'>['accounts'];
  readonly lines: readonly StatementLine[];
  /** There was more than is told. */
  readonly isCut: boolean;
}

const PAGE = 200;
/** 4,000 changes: years of anybody's shopping. */
const PAGES_MAX = 20;

/** Everything between two instants, page by page. */
export async function readStatement(
  span: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<Statement> {
  const names = new Map<string, string>();
  for await (const { id, name } of hongmi.pages('listMerchants')) names.set(id, name);
  const lines: StatementLine[] = [];
  let accounts: Statement['accounts'] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked = { ...ME, ...span, limit: PAGE, ...(cursor && { cursor }) };
    const told = await hongmi.getStatement(asked, { signal });
    accounts = told.accounts;
    lines.push(...told.items.flatMap((each) => linesOf(each, names)));
    if (told.nextCursor === null) return { accounts, lines, isCut: false };
    cursor = told.nextCursor;
  }
  return { accounts, lines, isCut: true };
}

function linesOf(
  { transaction, changes }: Output<'getStatement'>['items'][number],
  names: ReadonlyMap<string, string>,
): StatementLine[] {
  const { id, effectiveAt: at, kind, merchantId, balanceAfter: balance } = transaction;
  const merchant = merchantId === undefined ? '' : (names.get(merchantId) ?? '');
  return changes.map((change) => ({ id, at, kind, merchant, balance, ...change }));
}

/** `2026-12-31` → `2027-01-01` */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
