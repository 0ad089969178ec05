import { useLanguage } from '@hongmi/ui/language.ts';

/** What something is called, in the language of the page where there are words in it. */
export function useSaid(): (words: { readonly zh: string; readonly en?: string }) => string {
  const language = useLanguage();
  return ({ zh, en }) => (language === 'en' ? (en ?? zh) : zh);
}
