import { type Cell, csvOf } from '@hongmi/ui/csv.ts';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import type { Column } from './column.ts';

/** A table as a file: UTF-8 CSV with a byte order mark, so that Excel reads Chinese, or XLSX. */
export async function saveTable<Row>(
  name: string,
  form: 'csv' | 'xlsx',
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const kept = columns.flatMap(({ title, value }) =>
    value === undefined ? [] : [{ title, value }],
  );
  const head = kept.map(({ title }) => title);
  const cells = rows.map((row) => kept.map(({ value }) => value(row)));
  const blob =
    form === 'csv'
      ? new Blob([csvOf([head, ...cells])], { type: 'text/csv;charset=utf-8' })
      : await xlsxOf(head, cells);
  saveBlob(blob, `${name}.${form}`);
}

async function xlsxOf(head: readonly string[], rows: readonly (readonly Cell[])[]): Promise<Blob> {
  const { default: writeXlsxFile } = await import('write-excel-file/browser');
  const bold = head.map((value) => ({ value, fontWeight: 'bold' as const }));
  const typed = rows.map((row) =>
    row.map((value) =>
      value === null
        ? null
        : typeof value === 'number'
          ? { type: Number, value }
          : { type: String, value },
    ),
  );
  return writeXlsxFile([bold, ...typed]).toBlob();
}
