import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useBalances } from '../../app/balances.ts';
import { usePartWords } from '../../app/price.ts';
import { useProgramme } from '../../app/programme.ts';
import type { Offer } from './offer.ts';
import { words } from './words.ts';

const HOUR_MS = 3_600_000;

/** The names of tiers by their codes: those of the reward's merchant where it has any, else of the programme. */
export function useTierNames(
  merchantId: string | null,
  enabled: boolean,
): (code: string) => string {
  const programme = useProgramme()?.code ?? '';
  const { data } = useQuery({
    queryKey: ['tier-names', programme, merchantId],
    queryFn: async ({ signal }) => {
      const own =
        merchantId === null
          ? undefined
          : await hongmi.getMerchantTiers({ id: merchantId }, { signal });
      const tiers =
        own?.current == null ? await hongmi.getTiers({ code: programme }, { signal }) : own;
      const { versions, current } = tiers;
      const scheme = versions.find(({ number }) => number === current);
      return new Map(scheme?.tiers.map(({ code, name }) => [code, name]));
    },
    enabled: enabled && programme !== '',
    staleTime: HOUR_MS,
  });
  return (code) => data?.get(code) ?? code;
}

/** What keeps the member from a reward, whatever points there are; undefined: nothing. Codes are told by their names. */
export function useUnmetWords({ unmet, merchantId, body }: Offer): string | undefined {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  const part = usePartWords();
  const balances = useBalances();
  const tierName = useTierNames(merchantId, unmet?.code === 'tier');
  if (unmet === null) return undefined;
  const { tiers = [], balanceFloor } = body.eligibility ?? {};
  if (unmet.code === 'tier') {
    const wanted = f.list(tiers.map(tierName));
    return unmet.found === NONE ? t.noTier(wanted) : t.yourTier(wanted, tierName(unmet.found));
  }
  if (unmet.code === 'balance_floor' && balanceFloor !== undefined) {
    const { pointType } = balanceFloor;
    const has = balances?.find((each) => each.pointType === pointType)?.available ?? 0;
    return t.floor(part(balanceFloor), part({ pointType, points: has }));
  }
  return unmet[language];
}

/** As the API says that somebody is in no tier. */
const NONE = '-';
