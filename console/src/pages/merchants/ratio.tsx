import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import type { EarnRatio } from './ratio-values.ts';
import { words } from './words.ts';

/** What orders earn: points for each so much money. */
export function Ratio({ ratio: { points, perFen } }: { readonly ratio: EarnRatio }) {
  const t = useWords(words);
  const f = useFormat();
  return <span className="hm-number">{t.ratioOf(f.number(points), f.money(perFen))}</span>;
}
