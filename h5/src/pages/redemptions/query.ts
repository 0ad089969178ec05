import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { lastSeenToUse, renewToUse } from '../../app/to-use.ts';
import { askAgainMs, standingOf } from './standing.ts';

/** What may be different once something was redeemed, moved, used or given back. */
export const TOUCHED = [
  ...[
    ['redemption'],
    ['redemptions'],
    ['to-use'],
    ['balances'],
    ['transactions'],
    ['lots'],
    ['expiry'],
  ],
  ...[['cases'], ['offers']],
] as const;

/**
 * One redemption, asked for anew while a till or the ledger may change it. Without a network it is what the phone saw last of it,
 * where it can be shown at a till.
 */
export function useRedemption(id: string) {
  const queries = useQueryClient();
  const aheadMs = useProgramme()?.aheadMs ?? 0;
  const query = useQuery({
    queryKey: ['redemption', id],
    queryFn: ({ signal }) => hongmi.getRedemption({ id }, { signal }),
    initialData: () => lastSeenToUse(queries, id)?.one,
    initialDataUpdatedAt: () => lastSeenToUse(queries, id)?.at,
    refetchInterval: ({ state: { data } }) => askAgainMs(data, Date.now() + aheadMs),
  });
  const { data } = query;
  const standing = data && standingOf(data, Date.now() + aheadMs);
  const before = useRef(standing);
  useEffect(() => {
    if (standing === undefined) return;
    if (standing !== before.current)
      void queries.invalidateQueries({ queryKey: ['redemptions'], refetchType: 'none' });
    before.current = standing;
    renewToUse(queries);
  }, [standing, queries]);
  return query;
}
