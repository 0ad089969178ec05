import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { localDate } from '../kernel/calendar.ts';
import { readId } from '../kernel/id.ts';
import type { RuleBody } from '../rules/rule.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { gives, publishRules, retireRules } from './test-rules.ts';
import { createPhones, type Phone } from './testing/phone.ts';

const DAY_MS = 86_400_000;
const ZONE = 'Asia/Shanghai';

let t: PointsTestApp;
let phones: ReturnType<typeof createPhones>;
let phone: Phone;
let shop: string;
let rules: Awaited<ReturnType<typeof publishRules>> = [];
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
  for (const purpose of ['personalised_offers', 'credit_band'])
    await t.ok('POST', '/notices', { purpose, zh: ['说明'], en: ['We tell you'] });
  const segment = { programme: 'default', zh: '爱牛仔的', en: 'Fond of jeans' };
  await t.ok('POST', '/segments', { ...segment, code: 'jeans' });
  await t.ok('POST', '/segments', { ...segment, code: 'sizes', serviceReason: 'asked for' });
});
beforeEach(async () => {
  await retireRules(t, rules);
  rules = [];
  shop = await t.merchant();
  phone = await phones.signIn();
});
afterAll(() => t.close());

const day = (ahead: number): string => localDate(t.clock.now() + ahead * DAY_MS, ZONE);
const double = (
  name: string,
  when: RuleBody['when'] = {},
  more: Partial<RuleBody> = {},
): RuleBody => ({
  ...{ name, on: 'order', when, earn: { kind: 'times', num: 2, den: 1 } },
  ...more,
});
const publish = async (bodies: readonly RuleBody[], merchant: string | null = shop) => {
  rules = [...rules, ...(await publishRules(t, merchant, bodies))];
};
const offers = async (of = phone) => (await of.ok('GET', '/members/me/offers')).items;
const names = async (of = phone): Promise<string[]> =>
  (await offers(of)).map(
    ({ rule, promotion }: { rule: { name: string } | null; promotion: { name: { zh: string } } }) =>
      rule?.name ?? promotion.name.zh,
  );
const consent = (isOn: boolean, purpose = 'personalised_offers') =>
  isOn
    ? phone.ok('PUT', `/members/me/consents/${purpose}`, { version: 1, channel: 'web' })
    : phone.ok('DELETE', `/members/me/consents/${purpose}?channel=web`);

it('lists what counts today and what is announced, by day, and nothing that is over', async () => {
  await publish([
    double('now'),
    double('soon', { dates: { from: day(10), to: day(12) } }),
    double('over', { dates: { to: day(-1) } }),
    double('far', { dates: { from: day(90) } }),
    double('base', {}, { earn: { kind: 'base', points: 1, perFen: 50 } }),
  ]);
  const [now, soon, ...others] = await offers();
  expect(others).toEqual([]);
  expect(now).toMatchObject({
    ...{ merchantId: shop, on: day(0), until: null, today: true, because: [], personal: false },
    rule: { name: 'now', earn: { kind: 'times', num: 2, den: 1 } },
    promotion: null,
  });
  expect(soon).toMatchObject({ on: day(10), until: day(12), today: false });
});

it('finds the next day of what comes back every week or month', async () => {
  const weekday = ((new Date(`${day(3)}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  await publish([double('weekly', { weekdays: [weekday] })]);
  expect(await offers()).toMatchObject([{ on: day(3), today: false }]);
});

it('shows what is for a group to who is in it and agrees, and to nobody else; switched off it is gone at once', async () => {
  await publish([
    double('for all'),
    double('for jeans', { member: { segments: ['jeans', 'other'] } }),
    double('for sizes', { member: { segments: ['sizes'] } }),
  ]);
  expect(await names()).toEqual(['for all']);
  await consent(true);
  const into = (code: string) =>
    t.ok('PUT', `/members/${phone.member}/segments/${code}`, { programme: 'default' });
  await into('jeans');
  await into('sizes');
  expect((await names()).sort()).toEqual(['for all', 'for jeans', 'for sizes']);
  const [, jeans] = (await offers()).sort((a: { rule: { name: string } }, b: typeof a) =>
    a.rule.name < b.rule.name ? -1 : 1,
  );
  expect(jeans).toMatchObject({
    personal: true,
    because: [{ kind: 'segment', groups: [{ zh: '爱牛仔的', en: 'Fond of jeans' }] }],
  });
  // Whoever else is in it is nobody's business.
  expect(JSON.stringify(jeans)).not.toContain('"other"');
  await consent(false);
  // What is for a service they asked for stays.
  expect((await names()).filter((name) => name !== 'for sizes')).toEqual(['for all']);
  expect(await names(await phones.signIn())).toEqual(['for all']);
});

it('shows what is for a credit band by consent, and what is for new members while they are', async () => {
  await publish([
    double('for good', { member: { creditBands: ['good'] } }),
    double('for new', { member: { joinedWithinDays: 7 } }),
  ]);
  expect(await offers()).toMatchObject([
    {
      ...{ rule: { name: 'for new' }, until: day(7), personal: false },
      because: [{ kind: 'new_member', groups: [] }],
    },
  ]);
  await consent(true, 'credit_band');
  await t.ok('PUT', `/members/${phone.member}/credit-band`, {
    ...{ band: 'good', source: 'bureau' },
    from: new Date(t.clock.now()).toISOString(),
    until: new Date(t.clock.now() + 30 * DAY_MS).toISOString(),
  });
  expect((await names()).sort()).toEqual(['for good', 'for new']);
  t.clock.advance(8 * DAY_MS);
  await t.rules.refresh();
  expect(await names()).toEqual(['for good']);
});

it('shows what is for a first order until there is one, and again once all of it came back', async () => {
  await publish([double('first', { member: { firstOrder: true } }), double('always')]);
  expect((await names()).sort()).toEqual(['always', 'first']);
  const order = { merchantId: shop, memberId: phone.member, orderNo: 'first-1' };
  await t.ok('POST', '/orders', {
    ...order,
    paidAt: new Date(t.clock.now()).toISOString(),
    lines: [{ lineNo: 1, sku: 'tea', quantity: 1, amountFen: 1_000 }],
  });
  expect(await names()).toEqual(['always']);
  // Another's is not theirs.
  expect((await names(await phones.signIn())).sort()).toEqual(['always', 'first']);
  const lines = [{ lineNo: 1, quantity: 1 }];
  await t.ok('POST', '/returns', { ...order, returnNo: 'r-1', lines });
  expect((await names()).sort()).toEqual(['always', 'first']);
});

it('tells nothing of what merchants pay, nor what it does not say in forms', async () => {
  const budget = await t.ok('POST', '/budgets', { name: 'Spring', total: 1_000 });
  await publish([
    double(
      'paid',
      { expression: 'order.netFen > 100' },
      {
        ...{ priority: 3, group: 'spring' },
        terms: {
          budget: readId('budget', budget.id) as never,
          caps: [{ per: 'month', points: 50, campaign: true }],
          funders: [{ merchant: 'seller', share: 1 }],
        },
      },
    ),
  ]);
  const [told] = await offers();
  expect(told).toMatchObject({ asksMore: true, limited: true });
  expect(told.rule).toEqual({
    ...{ name: 'paid', on: 'order', when: {}, earn: { kind: 'times', num: 2, den: 1 } },
    terms: { caps: [{ per: 'month', points: 50 }] },
  });
});

it('lists promotions of rewards, and rules of other programmes nowhere', async () => {
  const price = { kind: 'ratio', num: 4, den: 5 };
  const when = { weekdays: [1, 2, 3, 4, 5, 6, 7] };
  const body = { name: { zh: '兑换日' }, when, price, priority: 5 };
  const { id } = await t.ok('POST', '/promotions', {
    code: `p-${shop.slice(-8)}`,
    merchantId: shop,
    body,
  });
  await t.ok('POST', `/promotions/${id}/publish`, {});
  const elsewhere = await t.merchant({ programme: await other() });
  await publish([gives('check_in', 3)], elsewhere);
  t.clock.set(t.clock.now() + 60_000);
  expect(await offers()).toMatchObject([
    { merchantId: shop, rule: null, promotion: { name: { zh: '兑换日' }, price } },
  ]);
  expect((await phone.send('GET', '/members/me/offers?programme=apart')).body.code).toBe(
    'member_not_found',
  );
  const auth = await t.apiKey(['rules:read', 'rewards:read'], shop);
  const told = await t.call('GET', `/members/${phone.member}/offers`, undefined, { auth });
  expect(told.body.code).toBe('operator_only');
});

async function other(): Promise<string> {
  await t.ok('POST', '/programmes', { code: 'apart', name: 'Apart' });
  return 'apart';
}
