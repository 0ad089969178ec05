import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';

/** One reward as it stands to the member now, with what is left of it. */
export function useReward(id: string) {
  const programme = useProgramme()?.code ?? '';
  return useQuery({
    queryKey: ['reward', programme, id],
    queryFn: ({ signal }) => hongmi.getMemberReward({ ...ME, reward: id, programme }, { signal }),
    enabled: programme !== '',
  });
}
