import { failureOf } from '@hongmi/ui/failure.ts';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureShown } from './failure-shown.tsx';
import { Skeleton } from './skeleton.tsx';

/** Shows what a query found; until then a skeleton, and if it failed why. What is there stays while it is asked for again. */
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error !== null)
    return <FailureShown failure={failureOf(error)} retry={() => void refetch()} />;
  return <Skeleton {...(rows === undefined ? {} : { rows })} />;
}
