import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { usePointTypeName, useProgramme } from './programme.ts';

const words = wordsOf({ zh: { free: '免费' }, en: { free: 'free' } });

/** Points of one type, in its smallest unit. */
export interface Part {
  readonly pointType: string;
  readonly points: number;
}

/** A sum of points and cash in words: `250 消费积分 + ¥12.50`; what costs nothing is free. */
export function usePriceWords(): (points: readonly Part[], cashFen?: number) => string {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  const types = useProgramme()?.pointTypes;
  return (points, cashFen = 0) => {
    const scaleOf = (type: string): number => types?.find(({ code }) => code === type)?.scale ?? 0;
    const parts = points
      .filter((each) => each.points > 0)
      .map(
        (each) => `${f.points(each.points, scaleOf(each.pointType))} ${typeName(each.pointType)}`,
      );
    if (cashFen > 0) parts.push(f.money(cashFen));
    return parts.length === 0 ? t.free : parts.join(' + ');
  };
}
