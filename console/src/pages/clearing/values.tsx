import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { None } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { useCounterparties } from './periods/read.ts';
import './clearing.css';

const words = wordsOf({
  zh: { receives: '应收', pays: '应付', even: '两清', standard: '标准条款' },
  en: { receives: 'receives', pays: 'pays', even: 'even', standard: 'standard terms' },
});

/** What is left of a position, in fen: the word says which way it goes. */
export function Net({ fen }: { readonly fen: number }) {
  const t = useWords(words);
  const f = useFormat();
  const way = fen > 0 ? 'receives' : fen < 0 ? 'pays' : 'even';
  return (
    <span className="hm-net hm-number" data-sign={way}>
      <small>{t[way]}</small>
      {f.money(fen)}
    </span>
  );
}

/** Money to the millionth of a fen; null: not this merchant's to know. */
export function Exact({ microFen }: { readonly microFen: string | number | null }) {
  const f = useFormat();
  return microFen === null ? <None /> : <span className="hm-number">{f.moneyExact(microFen)}</span>;
}

/** A side of a pair: a merchant, by the name that is known of it, or the platform. */
export function Party({
  id,
  names,
}: {
  readonly id: string;
  readonly names?: ReadonlyMap<string, string> | undefined;
}) {
  const counterparties = useCounterparties();
  const name = names?.get(id) ?? counterparties.get(id);
  return name === undefined ? <Merchant id={id === 'platform' ? null : id} /> : <span>{name}</span>;
}

/** Whom terms are of; null: all that have none of their own. */
export function TermsOf({ merchantId }: { readonly merchantId: string | null }) {
  const t = useWords(words);
  return merchantId === null ? <span>{t.standard}</span> : <Merchant id={merchantId} />;
}
