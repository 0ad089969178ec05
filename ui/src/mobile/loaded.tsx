import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Failure, failureOf } from '../failure.ts';
import { useWords, wordsOf } from '../language.ts';
import { FailureShown } from './failure-shown.tsx';

const words = wordsOf({ zh: { loading: '正在载入' }, en: { loading: 'Loading' } });

/** Why a query has nothing to show: it failed, or waits for a network that is away; undefined: it is on its way. */
export function whyNothing({
  error,
  fetchStatus,
}: Pick<UseQueryResult, 'error' | 'fetchStatus'>): Failure | undefined {
  if (error !== null) return failureOf(error);
  return fetchStatus === 'paused' ? { kind: 'unreachable' } : undefined;
}

/** Shows what a query found; until then grey lines, and if it failed why. What is there stays while it is asked for again. */
export function Loaded<T>({
  query,
  rows = 3,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, refetch } = query;
  if (data !== undefined) return children(data);
  const failure = whyNothing(query);
  if (failure !== undefined) return <FailureShown failure={failure} retry={() => void refetch()} />;
  return <Skeleton rows={rows} />;
}

const WIDTHS = ['100%', '82%', '64%'];

/** Where something will be. `rows`: about as high as that, so that what is below stays in its place. */
export function Skeleton({ rows = 3 }: { readonly rows?: number }) {
  const t = useWords(words);
  return (
    <div className="hm-skeletons" role="status" aria-busy="true">
      <span className="hm-hidden">{t.loading}</span>
      {Array.from({ length: rows }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without a content of their own
        <div key={place} className="hm-skeleton" style={{ width: WIDTHS[place % WIDTHS.length] }} />
      ))}
    </div>
  );
}
