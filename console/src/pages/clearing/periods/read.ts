import type { components } from '@hongmi/sdk';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';

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
