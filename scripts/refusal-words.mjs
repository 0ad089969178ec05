// What pages say when the API refuses, from the tables of docs/api.md and docs/api.zh-CN.md: those are the one place for these
// words.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ROW = /^\| `([a-z][a-z0-9_]*)` \| (\d{3}) \| (.+) \|$/;

export function refusalWordsOf(markdown) {
  const words = {};
  for (const line of markdown.split('\n')) {
    const [, code, , said] = ROW.exec(line) ?? [];
    if (code !== undefined) words[code] = plain(said);
  }
  return words;
}

/** Without links and marks of code. */
function plain(text) {
  return text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

export function fileOf(words) {
  return `// Made by scripts/refusal-words.mjs.\nexport default ${JSON.stringify(words, null, 2)} as Readonly<Record<string, string>>;\n`;
}

export const SOURCES = { en: 'docs/api.md', zh: 'docs/api.zh-CN.md' };
export const targetOf = (language) => `ui/src/generated/refusals-${language}.ts`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [language, source] of Object.entries(SOURCES)) {
    const target = join(root, targetOf(language));
    const made = fileOf(refusalWordsOf(readFileSync(join(root, source), 'utf8')));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, made);
  }
}
