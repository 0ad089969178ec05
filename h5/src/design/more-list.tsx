import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Skeleton, whyNothing } from '@hongmi/ui/mobile/loaded.tsx';
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { type ReactNode, useEffect, useRef } from 'react';

const words = wordsOf({
  zh: { more: '更多', end: '没有更多了' },
  en: { more: 'More', end: 'That is all' },
});

interface Part<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** How far below the screen the end of a list may be when the next part is asked for. */
const AHEAD = '600px';

/**
 * A list that grows while it is scrolled. `children` shows what is there so far, and is told whether that is all; `empty` stands for a
 * list of nothing.
 */
export function MoreList<Item>({
  queryKey,
  load,
  empty,
  children,
}: {
  readonly queryKey: QueryKey;
  readonly load: (cursor: string | undefined, signal: AbortSignal) => Promise<Part<Item>>;
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[], isAll: boolean) => ReactNode;
}) {
  const t = useWords(words);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const end = useRef<HTMLDivElement>(null);
  const isIdle = hasNextPage && !isFetchingNextPage && error === null;
  useEffect(() => {
    const place = end.current;
    if (place === null || !isIdle) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage();
      },
      { rootMargin: AHEAD },
    );
    watch.observe(place);
    return () => watch.disconnect();
  }, [isIdle, fetchNextPage]);
  // What is there waits for the rest of it without a word: the notice above says that the network is away.
  const failure = error !== null || data === undefined ? whyNothing(query) : undefined;
  const failed =
    failure === undefined ? null : (
      <FailureShown
        failure={failure}
        retry={() => void (data === undefined ? refetch() : fetchNextPage())}
      />
    );
  if (data === undefined) return failed ?? <Skeleton rows={8} />;
  const items = data.pages.flatMap((part) => part.items);
  if (items.length === 0 && !hasNextPage) return empty;
  return (
    <>
      {children(items, !hasNextPage)}
      {failed}
      <div ref={end} className="hm-more">
        {hasNextPage ? (
          <Button
            fill="none"
            size="small"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t.more}
          </Button>
        ) : (
          <span className="hm-soft">{t.end}</span>
        )}
      </div>
    </>
  );
}
