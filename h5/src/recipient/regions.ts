import { useQuery } from '@tanstack/react-query';

/** Names by six digits of GB/T 2260: of provinces `330000`, of cities `330100`, of counties `330106`. */
export type Regions = ReadonlyMap<string, string>;

/** Fetched when something is delivered: it weighs as much as the page. */
async function fetchRegions(): Promise<Regions> {
  const { areaList } = await import('@vant/area-data');
  const { province_list, city_list, county_list } = areaList;
  return new Map(Object.entries({ ...province_list, ...city_list, ...county_list }));
}

export const useRegions = (enabled = true) =>
  useQuery({
    queryKey: ['regions'],
    queryFn: fetchRegions,
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });

/** What a region is called that terms name by its first two, four or six digits; the digits until it is known. */
export function useRegionNames(enabled: boolean): (digits: string) => string {
  const { data } = useRegions(enabled);
  return (digits) => data?.get(digits.padEnd(6, '0')) ?? digits;
}

/** A region among those one level up: its digits and its name. */
export interface Region {
  readonly code: string;
  readonly name: string;
}

/**
 * The provinces, or what lies within a province or a city: of these only what something is delivered to, by the digits that served
 * regions begin with (undefined: everywhere).
 */
export function regionsIn(
  all: Regions,
  within: string,
  served: readonly string[] | undefined,
): readonly Region[] {
  const digits = within.length + 2;
  return [...all].flatMap(([code, name]) => {
    const own = code.slice(0, digits);
    const isThere =
      code.startsWith(within) &&
      own.padEnd(6, '0') === code &&
      code !== within.padEnd(6, '0') &&
      isServed(own, served);
    return isThere ? [{ code: own, name }] : [];
  });
}

/** Whether something is delivered to a region, or to a part of it. */
function isServed(digits: string, served: readonly string[] | undefined): boolean {
  return (
    served === undefined ||
    served.some((each) => digits.startsWith(each) || each.startsWith(digits))
  );
}
