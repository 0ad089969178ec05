import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { usePointScale } from '../clearing/point-type.tsx';
import { words } from './words.ts';

export type Terms = components['schemas']['RewardTerms'];
type Option = Terms['prices'][number];

/** One way to pay in words: 500 points and ¥9.90. */
export function PriceShown({ option }: { readonly option: Option }) {
  const t = useWords(words);
  const f = useFormat();
  const names = usePointTypeNames();
  const scaleOf = usePointScale();
  const parts = option.points.map(
    ({ pointType, points }) =>
      `${f.points(points, scaleOf(pointType))} ${names.get(pointType) ?? pointType}`,
  );
  if (option.cashFen > 0) parts.push(f.money(option.cashFen));
  return (
    <span className="hm-number">{parts.length === 0 ? f.points(0) : parts.join(` ${t.and} `)}</span>
  );
}
