import type { components } from '@hongmi/sdk';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';
import { useCode, useMe } from '../me.ts';

export type Statement = components['schemas']['ClearingStatement'];

/** The positions of a period: one for each merchant, so that all are read. */
export function usePositions(id: string) {
  return useQuery({
    queryKey: ['clearing-positions', id],
    queryFn: () => hongmi.pages('listClearingPositions', { id }).all(),
  });
}

export function useStatement(id: string, merchant: string) {
  return useQuery({
    queryKey: ['clearing-statement', id, merchant],
    queryFn: ({ signal }) =>
      hongmi.getClearingStatement({ id, merchant, format: 'json' }, { signal }),
  });
}

/** Names of those a statement tells of: a merchant knows its counterparties by them and may look up no others. */
export function namesIn({
  merchant,
  merchantName,
  sums,
  issued,
}: Statement): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (merchantName !== null) names.set(merchant, merchantName);
  for (const each of sums) names.set(each.counterparty, each.counterpartyName);
  for (const each of issued) names.set(each.issuer, each.issuerName);
  return names;
}

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Those a merchant has to do with, by the last statement of its own; nobody for the platform, which looks names up. */
export function useCounterparties(): ReadonlyMap<string, string> {
  const code = useCode();
  const { merchantId } = useMe();
  const { data } = useQuery({
    queryKey: ['counterparties', code, merchantId],
    queryFn: async () => {
      if (merchantId === null) return NOBODY;
      const periods = await hongmi.pages('listClearingPeriods', { programme: code }).all();
      const last = periods.findLast(({ state }) => state === 'closed');
      if (last === undefined) return NOBODY;
      const asked = { id: last.id, merchant: merchantId, format: 'json' } as const;
      return namesIn(await hongmi.getClearingStatement(asked));
    },
    staleTime: 300_000,
  });
  return data ?? NOBODY;
}
