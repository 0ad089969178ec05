import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImportApi } from '../api.ts';
import { importOrders } from '../import-orders.ts';
import { type Mapping, readMapping } from '../mapping.ts';
import { rejectsPlace } from '../rejects.ts';
import type { RoundLimits } from '../rounds.ts';

export const MAPPING = {
  columns: {
    invoice: 'InvoiceNo',
    sku: 'StockCode',
    quantity: 'Quantity',
    date: 'InvoiceDate',
    price: 'UnitPrice',
    customer: 'CustomerID',
    name: 'Description',
  },
  dateFormat: ['YYYY-MM-DD HH:mm', 'YYYY/M/D H:mm'],
  timeZone: 'UTC',
  returnPrefix: 'C',
  adjustmentPrefix: 'A',
  memberSystem: 'shop',
  merchant: { name: 'Shop', category: 'gifts', earnRatio: { points: 1, perFen: 100 } },
};

export const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID';

export function mappingWith(changes: object = {}): Mapping {
  return readMapping(JSON.stringify({ ...MAPPING, ...changes }));
}

/** A data line: `inv 1 sku 2 price 3 customer`, the rest filled in. */
export function row(
  invoice: string,
  sku: string,
  quantity: number | string,
  price: string,
  customer: string,
  date = '2026-01-02 03:04',
): string {
  return [invoice, sku, 'Thing', quantity, date, price, customer].join(',');
}

/** A folder that the test leaves no trace of. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeCsv(
  folder: string,
  name: string,
  rows: readonly string[],
  header = HEADER,
): string {
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
  return path;
}

/** Imports a file into an API; reasons are explained as their codes. */
export function importInto(
  api: ImportApi,
  path: string,
  options: {
    mapping?: Mapping;
    lanes?: number;
    limits?: RoundLimits;
    heldMax?: number;
    rejects?: string;
  } = {},
) {
  const { mapping = mappingWith(), rejects, ...rest } = options;
  return importOrders({
    path,
    mapping,
    rejects: rejectsPlace(path, rejects, '.'),
    connect: async () => api,
    onProgress: () => {},
    explain: (reason, detail) => detail || reason,
    ...rest,
  });
}
