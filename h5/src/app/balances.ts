import type { components } from '@hongmi/sdk';
import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from './api.ts';
import { useProgramme } from './programme.ts';

export type Balance = components['schemas']['Balance'];

/** What the member has in every programme. */
const useBalancesQuery = () =>
  useQuery({
    queryKey: ['balances'],
    queryFn: ({ signal }) => hongmi.getBalance(ME, { signal }),
  });

/** Of the programme that is looked at, the point type that most is in first; those that were never earned are left out. */
export function useBalances(): readonly Balance[] | undefined {
  const { data } = useBalancesQuery();
  const programme = useProgramme()?.code;
  if (data === undefined || programme === undefined) return undefined;
  return data.balances
    .filter((each) => each.programme === programme && isTouched(each))
    .sort((a, b) => b.available - a.available);
}

const isTouched = ({ lifetimeEarned, available, pending, debt }: Balance): boolean =>
  lifetimeEarned + available + pending + debt > 0;
