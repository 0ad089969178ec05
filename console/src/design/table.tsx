import { Empty } from '@hongmi/ui/empty.tsx';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { Table as AntTable, Button, type TableRef } from 'antd';
import { type ReactNode, useMemo } from 'react';
import type { Column, PageOf } from './column.ts';
import { ExportMenu } from './export-menu.tsx';
import { FailureShown } from './failure-shown.tsx';
import { Skeleton } from './skeleton.tsx';

const words = wordsOf({
  zh: {
    more: '载入更多',
    loaded: (count: string) => `已载入 ${count} 条`,
    all: (count: string) => `共 ${count} 条`,
    nothing: '没有符合条件的记录',
    sortHint: '对已载入的记录排序',
  },
  en: {
    more: 'Load more',
    loaded: (count: string) => `${count} loaded`,
    all: (count: string) => `${count} in all`,
    nothing: 'Nothing matches',
    sortHint: 'Sorts what is loaded',
  },
});

export interface TableProps<Row> {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Identifies what is loaded, filters included: another key begins at the first page. */
  readonly queryKey: readonly unknown[];
  /** The page behind a cursor; the first without one. */
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<PageOf<Row>>;
  /** Shown when there is nothing at all. */
  readonly empty?: ReactNode;
  /** Exports under this name; absent: nothing is exported. */
  readonly exportAs?: string;
  /** Asks again from time to time, while something is under way. */
  readonly refetchMs?: number | false;
  readonly expanded?: (row: Row) => ReactNode;
}

/** A list of the API as a table: page by page with its cursor, sorted where that makes sense, and exported whole. */
export function Table<Row extends object>(props: TableProps<Row>) {
  const {
    label,
    columns,
    rowKey,
    queryKey,
    load,
    empty,
    exportAs,
    refetchMs = false,
    expanded,
  } = props;
  const t = useWords(words);
  const f = useFormat();
  const query = useInfiniteQuery<
    PageOf<Row>,
    Error,
    InfiniteData<PageOf<Row>>,
    readonly unknown[],
    string | undefined
  >({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: refetchMs,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const shown = useMemo(
    () =>
      shownColumns(columns).map((each) =>
        'sorter' in each ? { ...each, showSorterTooltip: { title: t.sortHint } } : each,
      ),
    [columns, t],
  );

  if (query.error !== null && query.data === undefined)
    return <FailureShown failure={failureOf(query.error)} retry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <div className="hm-card-body">
        <Skeleton />
      </div>
    );
  if (rows.length === 0) return empty ?? <Empty title={t.nothing} />;
  const count = f.number(rows.length);
  return (
    <>
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
      <div className="hm-table-foot">
        <span aria-live="polite">{query.hasNextPage ? t.loaded(count) : t.all(count)}</span>
        {query.hasNextPage ? (
          <Button
            size="small"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t.more}
          </Button>
        ) : null}
        <span className="hm-top-space" />
        {exportAs === undefined ? null : (
          <ExportMenu name={exportAs} columns={columns} load={load} />
        )}
      </div>
    </>
  );
}

/** What scrolls sideways must do so by keyboard, too; rows without links give it nothing to stop at. */
function reachByKeyboard(table: TableRef | null): void {
  table?.nativeElement.querySelector('.ant-table-content')?.setAttribute('tabindex', '0');
}

/** Columns as antd has them. What stands at the right is named: words beside a number keep their distance. */
function shownColumns<Row extends object>(columns: readonly Column<Row>[]) {
  return columns.map(({ key, title, render, value, sortable = false, align, width }) => ({
    key,
    title,
    ...(align && { align, className: 'hm-right' }),
    ...(width !== undefined && { width }),
    render: (_: unknown, row: Row) => render(row),
    ...(sortable && value && { sorter: (a: Row, b: Row) => compare(value(a), value(b)) }),
  }));
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b));
}

/** A short list that is known whole: positions of a period, lots of a member. */
export function PlainTable<Row extends object>({
  label,
  columns,
  rowKey,
  rows,
  empty,
  exportAs,
  expanded,
}: Pick<TableProps<Row>, 'label' | 'columns' | 'rowKey' | 'empty' | 'exportAs' | 'expanded'> & {
  readonly rows: readonly Row[];
}) {
  const t = useWords(words);
  const f = useFormat();
  if (rows.length === 0) return empty ?? <Empty title={t.nothing} />;
  return (
    <>
      <AntTable<Row>
        aria-label={label}
        ref={reachByKeyboard}
        size="middle"
        dataSource={rows as Row[]}
        rowKey={rowKey}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={shownColumns(columns)}
        {...(expanded && { expandable: { expandedRowRender: expanded } })}
      />
      {exportAs === undefined ? null : (
        <div className="hm-table-foot">
          <span>{t.all(f.number(rows.length))}</span>
          <span className="hm-top-space" />
          <ExportMenu
            name={exportAs}
            columns={columns}
            load={async () => ({ items: rows, nextCursor: null })}
          />
        </div>
      )}
    </>
  );
}
