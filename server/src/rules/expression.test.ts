import { expect, test } from 'vitest';
import {
  dependsOnMember,
  EXPRESSION_MAX,
  problemOfExpression,
  readExpression,
} from './expression.ts';
import { Scene } from './scene.ts';
import { at, line, order } from './testing/told.ts';

const basket = [
  line(5000, { sku: 'melon', category: 'fruit', greenCertificate: 'G1', quantity: 2 }),
  line(1200, { sku: 'bread', zone: 'bakery' }),
];
const scene = new Scene(
  order(basket, {
    tenders: ['cash', 'card'],
    at: at('2028-02-29T23:30:00Z'),
    member: { tier: 'gold', birthday: '03-01', joinedAt: at('2028-02-29T00:00:00Z') },
    attributes: { score: 4, ratio: 1.5, kind: 'visit', isFirst: true },
  }),
);
const asked = (text: string) => readExpression(text)(scene);

test.each([
  'order.netFen == 6200 && order.quantity == 3',
  "'card' in order.tenders",
  "order.lines.exists(l, l.green && l.sku == 'melon')",
  'order.lines.filter(l, l.amountFen > 2000).size() == 1',
  "order.store == '' && order.lines[1].zone == 'bakery'",
  "member.tier == 'gold' && member.creditBand == '' && member.segments.size() == 0",
  'member.birthday && member.birthMonth && member.joinedDays == 1',
  'time.year == 2028 && time.month == 3 && time.day == 1 && time.weekday == 3 && time.hour == 7',
  "event.kind == 'order' && event.attributes.score >= 4 && event.attributes.isFirst == true",
  'event.attributes.ratio > 1.4',
  '!has(event.attributes.other)',
  "order.lines[0].sku.upperAscii() == 'MELON'",
])('%s holds', (text) => {
  expect(problemOfExpression(text)).toBeNull();
  expect(asked(text)).toEqual({ value: true });
});

test.each([
  ['order.netFen / (order.quantity - 3) > 1', 'division by zero'],
  ['event.attributes.other == 1', 'No such key: other'],
  ['order.lines[7].green', 'No such key: index out of bounds, index 7 >= size 2'],
  ['event.attributes.kind > 3', 'no such overload: dyn<string> > int'],
  ['order.netFen * 9223372036854775807 > 0', 'integer overflow'],
])('%s fails without throwing', (text, failure) => {
  expect(problemOfExpression(text)).toBeNull();
  expect(asked(text)).toEqual({ failure: expect.stringContaining(failure) });
});

test('what cannot be read any more fails without throwing', () => {
  expect(asked('order.netFen >')).toEqual({ failure: 'Unexpected token: EOF' });
  expect(asked('order.netFen')).toEqual({ failure: 'gives bigint' });
});

test.each([
  ['order.netFn > 1', 'no_such_key', 1, 7],
  ['order.netFen > 100\n  && order.store == 3', 'no_such_overload', 2, 6],
  ['order.netFen >', 'unexpected_token', 1, 15],
  ['order.netFen + 1', 'not_true_or_false', 1, 1],
  ['event.attributes.vip', 'not_true_or_false', 1, 1],
  ['', 'unexpected_token', 1, 1],
  ['purse.points > 1', 'unknown_variable', 1, 1],
  ["true && 'aaaa'.matches('(a+)+$')", 'unknown_function', 1, 9],
  ["time.hour > 3 && timestamp('2027-01-01T00:00:00Z').getHours() > 3", 'unknown_function', 1, 18],
  ['dyn(order).anything == 1', 'unknown_function', 1, 1],
  ["cel.bind(x, 'a', x == 'a')", 'unknown_function', 1, 1],
  ['order.lines.all(a, order.lines.exists(b, a.sku == b.sku))', 'nested', 1, 20],
  [`${'('.repeat(40)}true${')'.repeat(40)}`, 'limit_exceeded', 1, 33],
  [Array(6).fill('order.lines.all(l, l.green)').join(' || '), 'limit_exceeded', 1, 156],
  [`true${' && true'.repeat(120)}`, 'limit_exceeded', 1, undefined],
  ['order.netFen > 1 && order.quantity / 0 > 1', 'division_by_zero', 1, 38],
  ['order.quantity % (2 - 2) == 1', 'division_by_zero', 1, 19],
  ['order.quantity > 1 / 0', 'division_by_zero', 1, 18],
  ['order.netFen < 9223372036854775807 + 1', 'overflow', 1, 16],
  ['order.netFen < 99999999999999999999', 'overflow', 1, 16],
  ["order.netFen > int('ten')", 'always_fails', 1, 16],
  ['member.orders == 0', 'no_such_key', 1, 8],
  ['[member].exists(m, m.orders == 0)', 'no_such_key', 1, 22],
  [' '.repeat(EXPRESSION_MAX + 1), 'limit_exceeded', 1, EXPRESSION_MAX + 1],
])('%s is refused, and where', (text, code, row, column) => {
  expect(problemOfExpression(text)).toMatchObject({
    code,
    line: row,
    ...(column === undefined ? {} : { column }),
  });
});

test('who asks for earlier orders is told of what there is', () => {
  expect(problemOfExpression('member.orders == 0')?.message).toContain('when.member.firstOrder');
});

test('passes may follow each other', () => {
  const five = Array(5).fill('order.lines.exists(l, l.green)').join(' && ');
  expect(problemOfExpression(five)).toBeNull();
  const text = 'order.lines.filter(l, l.green).map(l, l.amountFen).all(fen, fen >= 5000)';
  expect(problemOfExpression(text)).toBeNull();
  expect(asked(text)).toEqual({ value: true });
});

test('whether an expression looks at the member', () => {
  expect(dependsOnMember("order.netFen > 1 && member.tier == ''")).toBe(true);
  expect(dependsOnMember('order.lines.exists(member, member.green)')).toBe(false);
});
