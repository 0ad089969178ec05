import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';
import { words } from './words.ts';

/** A period by its number. */
export function PeriodName({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const { data } = useQuery({
    queryKey: ['clearing-period', id],
    queryFn: ({ signal }) => hongmi.getClearingPeriod({ id }, { signal }),
  });
  return <span>{data === undefined ? '…' : t.number(f.number(data.number))}</span>;
}
