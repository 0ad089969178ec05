import { expect, test } from 'vitest';
import { receiptText } from './receipt.ts';

test('a receipt is saved as it is read, without what is not known', () => {
  const rows = [
    ['捐给', '植树'],
    ['已撤回', undefined],
    ['收据编号', 'dnt_1'],
  ] as const;
  expect(receiptText('捐赠收据', rows)).toBe(
    '\uFEFF捐赠收据\r\n\r\n捐给: 植树\r\n收据编号: dnt_1\r\n',
  );
});
