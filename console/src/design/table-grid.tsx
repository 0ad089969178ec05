import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Table as AntTable, type TableRef } from 'antd';
import { type ReactNode, useMemo } from 'react';
import type { Column } from './column.ts';

const words = wordsOf({
  zh: { sortHint: '对已载入的记录排序' },
  en: { sortHint: 'Sorts what is loaded' },
});

export interface GridProps<Row> {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rows: readonly Row[];
  readonly expanded?: ((row: Row) => ReactNode) | undefined;
}

/** Rows and columns. antd's table weighs as much as React: see {@link Table}, which fetches this. */
export function TableGrid<Row extends object>({
  label,
  columns,
  rowKey,
  rows,
  expanded,
}: GridProps<Row>) {
  const t = useWords(words);
  const shown = useMemo(() => shownColumns(columns, t.sortHint), [columns, t]);
  return (
    <AntTable<Row>
      aria-label={label}
      ref={reachByKeyboard}
      size="middle"
      columns={shown}
      dataSource={rows as Row[]}
      rowKey={rowKey}
      pagination={false}
      scroll={{ x: 'max-content' }}
      {...(expanded && { expandable: { expandedRowRender: expanded } })}
    />
  );
}

/** What scrolls sideways must do so by keyboard, too; rows without links give it nothing to stop at. */
function reachByKeyboard(table: TableRef | null): void {
  table?.nativeElement.querySelector('.ant-table-content')?.setAttribute('tabindex', '0');
}

/** Columns as antd has them. What stands at the right is named: words beside a number keep their distance. */
function shownColumns<Row extends object>(columns: readonly Column<Row>[], sortHint: string) {
  return columns.map(({ key, title, render, value, sortable = false, align, width }) => ({
    key,
    title,
    ...(align && { align, className: 'hm-right' }),
    ...(width !== undefined && { width }),
    render: (_: unknown, row: Row) => render(row),
    ...(sortable &&
      value && {
        sorter: (a: Row, b: Row) => compare(value(a), value(b)),
        showSorterTooltip: { title: sortHint },
      }),
  }));
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b));
}
