import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';

export interface MerchantOption {
  readonly value: string;
  readonly label: string;
}

/** More merchants than a programme has. */
const PAGES_MAX = 20;

/** The merchants of the programme that is looked at, to choose from. */
export function useMerchantOptions(): readonly MerchantOption[] {
  const programme = useProgramme()?.code;
  const { data } = useQuery({
    queryKey: ['dossiers', 'merchants', programme],
    queryFn: ({ signal }) => readOptions(programme ?? '', signal),
    enabled: programme !== undefined,
    staleTime: 60_000,
  });
  return data ?? [];
}

async function readOptions(programme: string, signal: AbortSignal): Promise<MerchantOption[]> {
  const options: MerchantOption[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await hongmi.listMerchants(
      { programme, limit: 100, ...(cursor && { cursor }) },
      { signal },
    );
    options.push(...found.items.map(({ id, name }) => ({ value: id, label: name })));
    if (found.nextCursor === null) break;
    cursor = found.nextCursor;
  }
  return options;
}
