import type { Input } from '@hongmi/sdk';
import { useSearch, useSearchParams } from 'wouter';
import type { Terms } from './offer.ts';

type Asked = Pick<
  Input<'listMemberRewards'>,
  'merchantId' | 'kind' | 'named' | 'redeemable' | 'pointType' | 'pointsMax' | 'order'
>;

export const KINDS = [
  ...(['goods', 'service', 'voucher', 'sample', 'ticket', 'upgrade'] as const),
  ...(['insurance', 'parking', 'charging', 'travel', 'donation'] as const),
] satisfies readonly Terms['kind'][];
/** Steps of what a reward may take, in points. */
export const POINTS_MAX = [100, 500, 1_000, 5_000] as const;

type ScaleOf = (pointType?: string) => number;

/**
 * Filters that an address says, as the API is asked; what makes no sense there is left out. `scaleOf`: how many decimals the numbers of a
 * point type have.
 */
export function askedOf(search: string, scaleOf: ScaleOf): Asked {
  const params = new URLSearchParams(search);
  const of = (name: string): string | undefined => params.get(name)?.trim() || undefined;
  const [merchantId, named, pointType] = [of('merchant'), of('named'), of('type')];
  const kind = KINDS.find((each) => each === of('kind'));
  const pointsMax = POINTS_MAX.find((each) => String(each) === of('max'));
  return {
    ...(merchantId !== undefined && { merchantId }),
    ...(kind !== undefined && { kind }),
    ...(named !== undefined && { named: named.slice(0, NAMED_MAX) }),
    ...(of('can') === 'now' && { redeemable: true }),
    ...(pointType !== undefined && { pointType }),
    ...(pointsMax !== undefined && { pointsMax: pointsMax * 10 ** scaleOf(pointType) }),
    ...(of('order') === 'points' && { order: 'points' as const }),
  };
}

export const NAMED_MAX = 50;

/** What is looked for in the catalogue: it lives in the address. */
export function useLookedFor(scaleOf: ScaleOf): {
  readonly asked: Asked;
  /** Whether something is left out. */
  readonly isNarrow: boolean;
  readonly clear: () => void;
} {
  const search = useSearch();
  const [, setParams] = useSearchParams();
  const asked = askedOf(search, scaleOf);
  const { order: _, ...narrowing } = asked;
  return {
    asked,
    isNarrow: Object.keys(narrowing).length > 0,
    clear: () => setParams({}, { replace: true }),
  };
}
