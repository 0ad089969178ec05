import { useLanguage } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { useProgramme } from './programme.tsx';

/** Names of the programme's point types by code. */
export function usePointTypeNames(): ReadonlyMap<string, string> {
  const types = useProgramme()?.pointTypes;
  return useMemo(() => new Map(types?.map(({ code, name }) => [code, name])), [types]);
}

/** A text that its author gave in Chinese and perhaps in English, in the language of the page. */
export function useSaid(): (words: {
  readonly zh: string;
  readonly en?: string | undefined;
}) => string {
  const language = useLanguage();
  return ({ zh, en }) => (language === 'en' ? (en ?? zh) : zh);
}
