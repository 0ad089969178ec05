import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';
import { useSaid } from '../../../app/point-types.ts';
import { useMay } from '../../../app/session.ts';
import { foremost } from '../../../publishing/version.ts';
import { useCode } from '../me.ts';

/** More rewards than a programme has; beyond it codes are shown. */
const REWARDS_MAX = 500;

/** Names of the programme's rewards by id, as far as the person may read them. */
export function useRewardNames(): ReadonlyMap<string, string> {
  const said = useSaid();
  const code = useCode();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['reward-names', code],
    queryFn: () => hongmi.pages('listRewards', { programme: code }).first(REWARDS_MAX),
    enabled: may('rewards:read'),
  });
  return new Map(
    data?.items.flatMap((each) => {
      const name = foremost(each)?.body.name;
      return name === undefined ? [] : [[each.id, said(name)] as const];
    }),
  );
}
