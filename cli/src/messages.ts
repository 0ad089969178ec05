import { ENGLISH } from './messages-en.ts';
import { CHINESE } from './messages-zh.ts';

export type MessageCode = keyof typeof ENGLISH;
export type Language = 'en' | 'zh';

/** What a message fills its places with. */
export type Facts = Readonly<Record<string, string | number>>;

/** Says a message in the caller's language. */
export type Say = (code: MessageCode, facts?: Facts) => string;

/** Chinese when the locale is, as POSIX reads it; otherwise English. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find(
    (each) => each !== undefined && each !== '',
  );
  return locale?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}

export function speaker(language: Language): Say {
  const table: Readonly<Record<MessageCode, string>> = language === 'zh' ? CHINESE : ENGLISH;
  return (code, facts = {}) =>
    table[code].replace(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place));
}

export function isMessageCode(code: string): code is MessageCode {
  return Object.hasOwn(ENGLISH, code);
}

/** What a word of the API is called (`state` of a lot, `kind` of a transaction); the word itself when it is new. */
export function word(say: Say, kind: 'state' | 'kind' | 'status' | 'entry', name: string): string {
  const code = `${kind}_${name}`;
  return isMessageCode(code) ? say(code) : name;
}
