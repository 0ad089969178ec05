import { useWords } from '@hongmi/ui/language.ts';
import { words } from './words.ts';

/** What a behaviour is called: programmes name their own, of which the usual ones have words here. */
export function useBehaviour(): (code: string | undefined) => string {
  const { behaviours, deed } = useWords(words);
  const known: Readonly<Record<string, string>> = behaviours;
  return (code) => (code === undefined ? deed : (known[code] ?? code));
}
