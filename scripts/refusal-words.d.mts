type Language = 'en' | 'zh';
export function refusalWordsOf(markdown: string): Record<string, string>;
export function fileOf(words: Record<string, string>): string;
export const SOURCES: Readonly<Record<Language, string>>;
export function targetOf(language: Language): string;
