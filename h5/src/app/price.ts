import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { usePointScale, usePointTypeName } from './programme.ts';

const words = wordsOf({ zh: { free: '免费' }, en: { free: 'free' } });

/** Points of one type, in its smallest unit. */
export interface Part {
  readonly pointType: string;
  readonly points: number;
}

/** Points of one type in words: `250 消费积分`. */
export function usePartWords(): (part: Part) => string {
  const f = useFormat();
  const typeName = usePointTypeName();
  const scaleOf = usePointScale();
  return ({ pointType, points }) =>
    `${f.points(points, scaleOf(pointType))} ${typeName(pointType)}`;
}

/** What something costs in words: `250 消费积分 + ¥12.50`; what costs nothing is free. */
export function usePriceWords(): (points: readonly Part[], cashFen?: number) => string {
  const t = useWords(words);
  const f = useFormat();
  const said = usePartWords();
  return (points, cashFen = 0) => {
    const parts = points.filter((each) => each.points > 0).map(said);
    if (cashFen > 0) parts.push(f.money(cashFen));
    return parts.length === 0 ? t.free : parts.join(' + ');
  };
}
