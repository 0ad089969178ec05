import { addDays, type Date10, type Festival, festivalsOf, weekdayOf } from './calendar.ts';
import { DAYS, firstDayOf, type Plan } from './plan.ts';
import { type Story, storyOf, type Telling, tellAll } from './story.ts';

export type { Telling } from './story.ts';

const SATURDAY = 6;
const WEEK = 7;
const MONTH = 30;

/** The day itself or the next Saturday. */
function saturdayFrom(date: Date10): Date10 {
  return addDays(date, (SATURDAY - weekdayOf(date) + WEEK) % WEEK);
}

/** The festival moves by a month from year to year: 365 days may have none of it, or the end of two. */
const FESTIVAL_DAYS_MIN = 7;
const INSTEAD = 60;

interface Dates {
  readonly from: Date10;
  readonly to: Date10;
}

/** The first and the last day on which people buy for the Spring Festival; in a year without one, some other days. */
export function springGoodsOf(plan: Plan): Dates {
  const from = addDays(firstDayOf(plan), INSTEAD);
  return feastOf(plan, 'spring-goods') ?? { from, to: addDays(from, FESTIVAL_DAYS_MIN) };
}

/** The first and the last day of a festival that moves; undefined in a year that has not enough of it. */
export function feastOf(plan: Plan, festival: Festival): Dates | undefined {
  const first = firstDayOf(plan);
  let longest: Date10[] = [];
  let run: Date10[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const date = addDays(first, day);
    run = festivalsOf(date).includes(festival) ? [...run, date] : [];
    if (run.length > longest.length) longest = run;
  }
  const [from, to] = [longest[0], longest.at(-1)];
  return from === undefined || to === undefined || longest.length < FESTIVAL_DAYS_MIN
    ? undefined
    : { from, to };
}

/** Members that show the scenarios: see docs/demo.md, which lists what they end with. */
export const STORIES: readonly Story[] = [
  // ¥1,000 a month: 12,000 points, two maintenances for 5,000 each, 2,000 left.
  storyOf('S1', 'car-shop', (me) => {
    for (let month = 0; month < 12; month += 1) {
      const date = saturdayFrom(me.day(2 + month * MONTH));
      me.buy('car-shop', date, [['CA-01', 100_000]]);
      if (month === 5 || month === 10) me.redeem('car-shop', date, 'maintenance', 5_000);
    }
  }),
  // ¥20 on each of 30 days: 600 points, a gift box for 500, 100 left.
  storyOf('S2', 'fruit-shop', (me) => {
    // Not in the melon season, when it takes fewer.
    const redeems = latest(me, -9, (date) => !['06', '07', '08'].includes(date.slice(5, 7)));
    for (let ago = 55; ago > 25; ago -= 1)
      me.buy('fruit-shop', addDays(redeems, -ago), [['FR-01', 2_000]]);
    me.redeem('fruit-shop', redeems, 'gift-box', 500);
  }),
  // ¥5,000 of gold and ¥3,000 of custom work: 8,000 points in lots of 3 and 5 years.
  storyOf('S3', 'jeweller', (me) => {
    me.buy('jeweller', me.day(60), [['JE-01', 500_000]]);
    me.buy('jeweller', me.day(-60), [['JE-04', 300_000]]);
  }),
  // One pair of glasses for ¥800: 800 points that last 6 years.
  storyOf('S4', 'optician', (me) => {
    me.buy('optician', me.day(30), [['OP-01', 80_000]]);
  }),
  // Registration gift, first-order bonus, and a sample at once.
  storyOf(
    'S5',
    'beauty-shop',
    (me) => {
      me.buy('beauty-shop', me.day(-40), [['BE-02', 19_900]]);
      me.redeem('beauty-shop', me.day(-40), 'lipstick-sample', 100);
    },
    { joinsOn: DAYS - 41 },
  ),
  // Earned at one merchant, redeemed at four others: 1,000 points, less 100, 400, 300 and 100.
  storyOf('S6', 'convenience-store', (me) => {
    for (let day = 0; day < 50; day += 1)
      me.buy('convenience-store', me.day(100 + 2 * day), [['CV-04', 2_000]], { store: 'office' });
    for (const [index, [pack, reward, points]] of ELSEWHERE.entries()) {
      const date = me.day(225 + 7 * index);
      // Not on the redemption day of one of them.
      me.redeem(pack, date.endsWith('-08') ? addDays(date, 1) : date, reward, points);
    }
  }),
  // A shopper of the lowest tier, and one of the highest: 51 weeks of ¥700.
  storyOf('S7', 'supermarket', (me) => {
    for (let visit = 0; visit < 3; visit += 1)
      me.buy('supermarket', me.day(-60 + 15 * visit), [
        ['SM-04', 2_980],
        ['SM-06', 2_020],
      ]);
  }),
  storyOf('S7-high', 'supermarket', (me) => {
    for (let week = 0; week < 51; week += 1)
      me.buy('supermarket', saturdayFrom(me.day(1 + week * WEEK)), [
        ['SM-01', 7_980],
        ['SM-10', 50_000],
        ['SM-08', 12_020],
      ]);
  }),
  // Likes dresses, comes more and more often, and is upgraded early.
  storyOf(
    'S8',
    'fashion-chain',
    (me) => {
      for (const ago of [150, 120, 60, 45, 32, 25, 18])
        me.buy('fashion-chain', me.day(-ago), [['FA-01', 29_900]]);
      me.promote(
        'fashion-chain',
        me.day(-10),
        'gold',
        addDays(me.plan.until, 180),
        '近两个月到店次数明显增加，提前升级',
      );
    },
    { segments: ['dress-lover'] },
  ),
  storyOf(
    'S8-jeans',
    'fashion-chain',
    (me) => {
      me.buy('fashion-chain', me.day(-50), [['FA-04', 29_900]]);
      me.buy('fashion-chain', me.day(-20), [['FA-03', 39_900]]);
    },
    { segments: ['jeans-buyer'] },
  ),
  // Miles of two classes, nights, and a ticket with the bus that brought them.
  storyOf('S9', 'airline', (me) => {
    me.buy('airline', me.day(-80), [['AI-01', 120_000]]);
    me.buy('airline', me.day(-70), [['AI-02', 260_000]]);
    // Not in January, when it takes fewer.
    const redeems = latest(me, -9, (date) => date.slice(5, 7) !== '01');
    me.redeem('airline', redeems, 'domestic-ticket', 5_000, 'miles');
    me.buy('hotel', me.day(-69), [['HO-02', 80_000, 2]], { channel: 'app' });
    me.buy('scenic-spot', me.day(-68), [['SP-01', 10_000]]);
    const number = `S9-${me.plan.until}`;
    me.do('scenic-spot', me.day(-68), 'green', { evidence: { behaviour: 'bus-ride', number } });
  }),
  // Paid with the green card: green points of the bank beside the shop's.
  storyOf(
    'S10',
    'green-bank-card',
    (me) => {
      const tenders = ['green-bank-card'];
      for (const ago of [90, 60, 30]) {
        const goods = [
          ['SM-03', 6_000],
          ['SM-08', 4_000],
        ] as const;
        me.buy('supermarket', me.day(-ago), goods, { tenders });
      }
      me.redeem('green-bank-card', me.day(-5), 'charging', 200, 'green');
    },
    { hasGreenCard: true },
  ),
  // A pupil's lesson and sorted waste; the slip that was shown already pays nobody.
  storyOf(
    'S11',
    'school-community',
    (me) => {
      const lesson = { behaviour: 'green-lesson', number: `S11-${me.plan.until}` };
      me.do('school-community', me.day(-75), 'training', { store: 'school', evidence: lesson });
      const slip = { behaviour: 'waste-sorting', number: `S11-${me.plan.until}` };
      me.do('school-community', me.day(-74), 'green', { store: 'station', evidence: slip });
      me.do('school-community', me.day(-73), 'green', { store: 'station', evidence: slip });
    },
    { isChild: true, isGreen: true },
  ),
  // The credit festival: the same purchase with and without a band; nobody has less for not taking part.
  storyOf('S12', 'supermarket', (me) => buyForSpring(me), { creditBand: 'good' }),
  storyOf('S12-other', 'supermarket', (me) => buyForSpring(me)),
  // Breakfast every other day, then silent for more than three months.
  storyOf('S13', 'convenience-store', (me) => {
    const paidAt = (date: Date10): string => `${date}T08:05:00+08:00`;
    for (let ago = 240; ago > 100; ago -= 4) {
      const date = me.day(-ago);
      const how = { paidAt: paidAt(date), store: 'gate' };
      me.buy(
        'convenience-store',
        date,
        [
          ['CV-01', 400],
          ['CV-02', 600, 2],
        ],
        how,
      );
    }
  }),
  // ¥500 of shirts, 400 points for an alteration, ¥300 brought back: 100 taken, 200 owed.
  storyOf('S14', 'fashion-chain', (me) => {
    const order = me.buy('fashion-chain', me.day(-59), [
      ['FA-05', 15_000, 2],
      ['FA-07', 20_000],
    ]);
    // Not in the month in which they joined a year ago, when it takes fewer.
    me.redeem('fashion-chain', me.day(-35), 'alteration', 400);
    me.bring(order, me.day(-33), 'FA-05', 2);
  }),
];

const ELSEWHERE = [
  ['beauty-shop', 'lipstick-sample', 100],
  ['fashion-chain', 'alteration', 400],
  ['fruit-shop', 'fruit-washing', 300],
  ['supermarket', 'voucher-5', 100],
] as const;

/** The last day, so many from the end and month by month before it, on which something costs what it usually does. */
function latest(
  me: Parameters<Story['tell']>[0],
  offset: number,
  isUsual: (date: Date10) => boolean,
): Date10 {
  const date = me.day(offset);
  return isUsual(date) ? date : latest(me, offset - MONTH, isUsual);
}

function buyForSpring(me: Parameters<Story['tell']>[0]): void {
  const { from } = springGoodsOf(me.plan);
  me.buy('supermarket', addDays(from, 3), [
    ['SM-11', 10_000],
    ['SM-02', 20_000],
  ]);
}

/** What members with a story do, by day. */
export function tellingsOf(plan: Plan): ReadonlyMap<Date10, Telling> {
  return tellAll(STORIES, plan);
}
