import { expect, test } from 'vitest';
import { isWhole, NOBODY } from './recipient.ts';
import { regionsIn } from './regions.ts';

const ALL = new Map([
  ['310000', '上海市'],
  ['330000', '浙江省'],
  ['310100', '上海市'],
  ['330100', '杭州市'],
  ['330200', '宁波市'],
  ['330102', '上城区'],
  ['330106', '西湖区'],
  ['330203', '海曙区'],
]);
const names = (within: string, served?: readonly string[]): readonly string[] =>
  regionsIn(ALL, within, served).map(({ code, name }) => `${code} ${name}`);

test('regions are those one level below, and only those that something is sent to', () => {
  expect(names('')).toEqual(['31 上海市', '33 浙江省']);
  expect(names('33')).toEqual(['3301 杭州市', '3302 宁波市']);
  expect(names('3301')).toEqual(['330102 上城区', '330106 西湖区']);
  expect(names('', ['3301'])).toEqual(['33 浙江省']);
  expect(names('33', ['3301'])).toEqual(['3301 杭州市']);
  expect(names('3301', ['330106'])).toEqual(['330106 西湖区']);
  expect(names('3301', ['33'])).toHaveLength(2);
});

test('somebody can be sent something once all of it is filled in', () => {
  const whole = { name: '李雷', phone: '138 0013 8000', region: '330106', address: '文三路 1 号' };
  expect(isWhole(whole)).toBe(true);
  for (const wrong of [{ name: ' ' }, { phone: '138' }, { region: '3301' }, { address: '' }])
    expect(isWhole({ ...whole, ...wrong })).toBe(false);
  expect(isWhole(NOBODY)).toBe(false);
});
