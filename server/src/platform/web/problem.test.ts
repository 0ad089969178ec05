import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PROBLEMS, problemOf } from './problem.ts';

const src = fileURLToPath(new URL('../../', import.meta.url));
const docs = (name: string): string =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      name.endsWith('.ts') && !/test|testing\//.test(name) && !name.endsWith('web/problem.ts'),
  )
  .map((name) => readFileSync(`${src}${name}`, 'utf8'));

test('every refusal that is written down somewhere is in the table, and nothing else', () => {
  const used = new Set<string>();
  for (const text of sources) {
    for (const [from, call] of [
      ["kernel/refusal.ts'", /\brefusal\(\s*'([a-z_]+)'/g],
      ["web/problem.ts'", /\bproblem\(\s*'([a-z_]+)'/g],
    ] as const)
      if (text.includes(from)) for (const [, code = ''] of text.matchAll(call)) used.add(code);
  }
  expect(used.size).toBeGreaterThan(100);
  expect([...used].filter((code) => !(code in PROBLEMS))).toEqual([]);
  const all = sources.join('\n');
  expect(Object.keys(PROBLEMS).filter((code) => !all.includes(`'${code}'`))).toEqual([]);
});

test.each(['api.md', 'api.zh-CN.md'])('docs/%s lists every code with its status', (name) => {
  const rows = [...docs(name).matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+) \|$/gm)].map(
    ([, code, status, title]) => ({ code, status: Number(status), title }),
  );
  const told = Object.entries(PROBLEMS).map(([code, [status]]) => ({ code, status }));
  expect(rows.map(({ code, status }) => ({ code, status }))).toEqual(told);
  if (name === 'api.md')
    expect(rows.map(({ title }) => title)).toEqual(
      Object.values(PROBLEMS).map(([, title]) => title),
    );
});

test('both languages name the same routes', () => {
  const routes = (name: string) => docs(name).match(/`(GET|POST|PUT|PATCH|DELETE) \/[^`]*`/g);
  expect(routes('api.zh-CN.md')).toEqual(routes('api.md'));
});

test('a code that is in no table is still a refusal', () => {
  expect(problemOf({ code: 'never_heard_of', message: 'no' })).toMatchObject({ status: 422 });
});
