import { Empty } from '@hongmi/ui/empty.tsx';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { askAgain } from '@hongmi/ui/later.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { PageOf } from './column.ts';
import { ExportMenu } from './export-menu.tsx';
import { FailureShown } from './failure-shown.tsx';
import { Skeleton } from './skeleton.tsx';
import type { GridProps } from './table-grid.tsx';

const FetchedGrid = laterPart(
  () => import('./table-grid.tsx'),
  'TableGrid',
  <div className="hm-card-body">
    <Skeleton />
  </div>,
);
// What it shows rows of, its caller's compiler knows.
const Grid = FetchedGrid as unknown as <Row extends object>(props: GridProps<Row>) => ReactNode;

const words = wordsOf({
  zh: {
    more: '载入更多',
    loaded: (count: string) => `已载入 ${count} 条`,
    all: (count: string) => `共 ${count} 条`,
    nothing: '没有符合条件的记录',
  },
  en: {
    more: 'Load more',
    loaded: (count: string) => `${count} loaded`,
    all: (count: string) => `${count} in all`,
    nothing: 'Nothing matches',
  },
});

export interface TableProps<Row>
  extends Pick<GridProps<Row>, 'label' | 'columns' | 'rowKey' | 'expanded'> {
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
  // Beside the data, and behind the frame that shows what is there already.
  useEffect(() => {
    const frame = requestAnimationFrame(() => void FetchedGrid.fetch().catch(() => {}));
    return () => cancelAnimationFrame(frame);
  }, []);
  const query = useInfiniteQuery<
    PageOf<Row>,
    Error,
    InfiniteData<PageOf<Row>>,
    readonly unknown[],
    string | undefined
  >({
    queryKey,
    async queryFn({ pageParam, signal }) {
      const page = await load(pageParam, signal);
      if (page.items.length > 0) await FetchedGrid.fetch();
      return page;
    },
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: refetchMs,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const retry = (): void => {
    askAgain();
    void query.refetch();
  };
  if (query.error !== null && query.data === undefined)
    return <FailureShown failure={failureOf(query.error)} retry={retry} />;
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
      <Grid {...{ label, columns, rowKey, rows, expanded }} />
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
      <Grid {...{ label, columns, rowKey, rows, expanded }} />
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
