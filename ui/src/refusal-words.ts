import { useEffect, useState } from 'react';
import { type Language, useLanguage } from './language.ts';

type Words = Readonly<Record<string, string>>;

// Fetched when something is refused for the first time.
const load: Record<Language, () => Promise<Words>> = {
  zh: async () => (await import('./generated/refusals-zh.ts')).default,
  en: async () => (await import('./generated/refusals-en.ts')).default,
};
const known: Partial<Record<Language, Words>> = {};

/** Why the API refused, in the language of the page: the words of docs/api.md for the code; until they are here, the problem's title. */
export function useRefusalWords({
  code,
  title,
}: {
  readonly code: string;
  readonly title: string;
}): string {
  const language = useLanguage();
  const [, setArrived] = useState(0);
  useEffect(() => {
    if (known[language] !== undefined) return;
    void load[language]().then((words) => {
      known[language] = words;
      setArrived((count) => count + 1);
    });
  }, [language]);
  return known[language]?.[code] ?? title;
}
