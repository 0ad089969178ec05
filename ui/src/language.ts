import { createPreference, usePreference } from './preference.ts';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** As in BCP 47, for `lang`, Intl and the API. */
export const TAGS = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>;

/** Chinese first: English for browsers that ask for English before Chinese. */
function firstLanguage(): Language {
  const first = navigator.languages.find((each) => /^(zh|en)\b/i.test(each));
  return first?.toLowerCase().startsWith('en') ? 'en' : 'zh';
}

export const language = createPreference<Language>('language', LANGUAGES, firstLanguage);
export const useLanguage = (): Language => usePreference(language);

/**
 * The words of a place in both languages: plain strings, or functions of what is named in them. The type of the Chinese words is
 * the type of the English ones, so none can be missing (docs/adr/0024).
 *
 * ```ts
 * export const words = wordsOf({
 *   zh: { title: '会员', found: (count: string) => `找到 ${count} 位` },
 *   en: { title: 'Members', found: (count: string) => `${count} found` },
 * });
 * const t = useWords(words);   // t.title, t.found('3')
 * ```
 */
export interface Words<T> {
  readonly zh: T;
  readonly en: T;
}

type Said<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Said<T[K]> };

export function wordsOf<const T>(words: { readonly zh: T; readonly en: Said<T> }): Words<Said<T>> {
  return words as Words<Said<T>>;
}

export function useWords<T>(words: Words<T>): T {
  return words[useLanguage()];
}
