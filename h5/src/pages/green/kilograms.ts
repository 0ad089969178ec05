import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { words } from './words.ts';

/** Grams of CO2e as kilograms with three places, which says all of it. */
export function useKilograms(): (grams: number) => string {
  const t = useWords(words);
  const f = useFormat();
  return (grams) => t.unit(f.points(grams, 3));
}
