import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { monthsFrom, mostIn } from './quotas.ts';
import type { TermsVersion } from './terms.ts';

const SHANGHAI = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(`${text}+08:00`);
let number = 0;
function version(from: number, acceptedPointsMax?: number): TermsVersion {
  number += 1;
  const price = { issuePriceMicroFen: 1, reimbursementMicroFen: 1, feeBasisPoints: 0 };
  const quota = acceptedPointsMax === undefined ? {} : { acceptedPointsMax };
  return {
    ...{ id: '' as Uuid, programme: 1, merchant: '' as Uuid, number, from, publishedAt: 0 },
    ...{ actor: '', withdrawn: null },
    body: {
      points: [{ pointType: 'points', ...price, ...quota }],
      ...{ settlement: 'postpaid', creditLimitFen: null, cycle: 'month', paymentTermDays: 0 },
    },
  };
}

test('months are those of the programme’s time zone, this one and two more', () => {
  const months = monthsFrom(at('2026-12-31T23:59:59'), SHANGHAI);
  expect(months.map(({ from }) => from)).toEqual(
    ['2026-12-01', '2027-01-01', '2027-02-01'].map((day) => at(`${day}T00:00:00`)),
  );
  expect(months.at(-1)?.until).toBe(at('2027-03-01T00:00:00'));
});

test('a month has the limit of what is in force by now, or when it begins, or else of the first that has one', () => {
  const [this_, next] = monthsFrom(at('2027-03-10T00:00:00'), SHANGHAI);
  const now = at('2027-03-10T00:00:00');
  if (this_ === undefined || next === undefined) throw new Error('there are months');
  const list = [
    version(at('2027-01-01T00:00:00'), 100),
    version(at('2027-03-05T00:00:00'), 200),
    version(at('2027-03-20T00:00:00'), 300),
    version(at('2027-04-15T00:00:00')),
  ];
  const most = (versions: readonly TermsVersion[], when: number) =>
    [this_, next].map((month) => mostIn(versions, 'points', month, when));
  expect(most(list, now)).toEqual([200, 300]);
  expect(most(list, at('2027-03-20T00:00:00'))).toEqual([300, 300]);
  expect(most(list.slice(2), now)).toEqual([300, 300]);
  expect(most(list.slice(3), now)).toEqual([null, null]);
  expect(mostIn(list, 'green', this_, now)).toBeNull();
});
