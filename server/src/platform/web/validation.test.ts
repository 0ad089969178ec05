import Type from 'typebox';
import { expect, test } from 'vitest';
import { InstantText, idOf, object, Points, text } from './schema.ts';
import { compileValidator, complaintsOf } from './validation.ts';

type Verdict = { value?: unknown; error?: Parameters<typeof complaintsOf>[0] };

function check(schema: Type.TSchema, value: unknown, httpPart = 'body') {
  const verdict = compileValidator({ schema, httpPart, method: 'POST', url: '/' })(
    value,
  ) as Verdict;
  return verdict.error === undefined ? verdict.value : complaintsOf(verdict.error);
}

const Issue = object({ kind: Type.Literal('issue'), memberId: idOf('member'), points: Points });
const Release = object({ kind: Type.Literal('release'), hold: idOf('hold') });
const Command = Type.Union([Issue, Release]);

test('bodies are taken as they are', () => {
  const schema = object({ n: Type.Integer(), flag: Type.Optional(Type.Boolean()) });
  expect(check(schema, { n: 5 })).toEqual({ n: 5 });
  expect(check(schema, { n: '5' })).toEqual([{ path: '/n', message: 'must be integer' }]);
  expect(check(schema, { n: 5, flag: 'true' })).toEqual([
    { path: '/flag', message: 'must be boolean' },
  ]);
});

test('the query becomes numbers and booleans only where written as such', () => {
  const schema = object({ n: Type.Optional(Type.Integer()), flag: Type.Optional(Type.Boolean()) });
  expect(check(schema, { n: '5', flag: 'false' }, 'querystring')).toEqual({ n: 5, flag: false });
  expect(check(schema, { n: '-12' }, 'querystring')).toEqual({ n: -12 });
  for (const n of ['5.7', '5x', '05', '', ' 5', '1e3', '0x10', '-0', ['1', '2']]) {
    expect(check(schema, { n }, 'querystring'), String(n)).toEqual([
      { path: '/n', message: 'must be integer' },
    ]);
  }
  expect(check(schema, { flag: '1' }, 'querystring')).toEqual([
    { path: '/flag', message: 'must be boolean' },
  ]);
});

test('of a union only the alternative that was meant complains', () => {
  const wrong = {
    kind: 'issue',
    memberId: 'mem_01h455vb4pex5vsknk084sn02q',
    points: 0,
    colour: 'red',
  };
  expect(check(Command, wrong)).toEqual([
    { path: '/colour', message: 'is not a known field' },
    { path: '/points', message: 'must be >= 1' },
  ]);
  const nested = object({ items: Type.Array(Command) });
  const right = { kind: 'release', hold: 'hold_01h455vb4pex5vsknk084sn02q' };
  expect(check(nested, { items: [right, { ...right, hold: 'x' }, wrong] })).toMatchObject([
    { path: '/items/1/hold' },
    { path: '/items/2/colour' },
    { path: '/items/2/points' },
  ]);
  expect(check(Command, { kind: 'steal' })).toEqual([
    { path: '/kind', message: 'must be one of "issue", "release"' },
  ]);
  expect(check(Command, {})).toEqual([
    { path: '/kind', message: 'must be one of "issue", "release"' },
  ]);
  expect(check(Command, 'issue')).not.toHaveLength(0);
  expect(check(nested, { items: Array.from({ length: 1000 }, () => wrong) })).toHaveLength(10);
  expect(check(nested, { items: right })).toEqual([{ path: '/items', message: 'must be array' }]);
});

test('instants exist in the calendar and lie after 1970', () => {
  const schema = object({ at: InstantText });
  for (const at of [
    '2026-03-01T00:00:00Z',
    '2026-03-01T08:00:00.123456+08:00',
    '2024-02-29T00:00:00Z',
  ]) {
    expect(check(schema, { at })).toEqual({ at });
  }
  const bad = [
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-03-01T24:00:01Z',
    '2026-03-01',
    '2026-03-01T00:00:00',
    '1969-12-31T00:00:00Z',
    'now',
  ];
  for (const at of bad)
    expect(check(schema, { at }), at).toEqual([
      { path: '/at', message: 'must match format "date-time"' },
    ]);
});

test('text is not blank and has no control characters; its length counts characters', () => {
  const schema = object({ name: text(4) });
  for (const name of ['红米好物', '😀😀😀😀', ' a '])
    expect(check(schema, { name })).toEqual({ name });
  for (const name of ['', '   ', 'a\nb', 'a\u0007', '红米好物了', '\u3000']) {
    expect(check(schema, { name }), JSON.stringify(name)).not.toEqual({ name });
  }
});
