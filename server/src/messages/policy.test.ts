import { expect, test } from 'vitest';
import { afterQuietHours } from './policy.ts';
import { render, writePoints } from './render.ts';

const at = (text: string): number => Date.parse(text);
const shown = (instant: number): string => new Date(instant).toISOString();
const night = { from: '22:00', to: '08:00' };

test('what is due in the quiet hours waits until they are over, by the time zone', () => {
  const wait = (text: string): string => shown(afterQuietHours(at(text), night, 'Asia/Shanghai'));
  expect(wait('2026-03-01T13:59:59Z')).toBe('2026-03-01T13:59:59.000Z');
  expect(wait('2026-03-01T14:00:00Z')).toBe('2026-03-02T00:00:00.000Z');
  expect(wait('2026-03-01T16:00:30Z')).toBe('2026-03-02T00:00:00.000Z');
  expect(wait('2026-03-01T23:59:59Z')).toBe('2026-03-02T00:00:00.000Z');
  expect(wait('2026-03-02T00:00:00Z')).toBe('2026-03-02T00:00:00.000Z');
});

test('quiet hours may lie within a day, or be none', () => {
  const noon = { from: '12:00', to: '14:00' };
  const wait = (text: string): string => shown(afterQuietHours(at(text), noon, 'UTC'));
  expect(wait('2026-03-01T12:00:00Z')).toBe('2026-03-01T14:00:00.000Z');
  expect(wait('2026-03-01T14:00:00Z')).toBe('2026-03-01T14:00:00.000Z');
  expect(wait('2026-03-01T11:59:00Z')).toBe('2026-03-01T11:59:00.000Z');
  const never = afterQuietHours(at('2026-03-01T00:00:00Z'), { from: '08:00', to: '08:00' }, 'UTC');
  expect(shown(never)).toBe('2026-03-01T00:00:00.000Z');
  expect(afterQuietHours(5, null, 'UTC')).toBe(5);
});

test('quiet hours end by the clock also in nights in which it is moved', () => {
  const wait = (text: string): string => shown(afterQuietHours(at(text), night, 'Europe/Berlin'));
  // Put back at 3 o'clock on 25 October: 8 o'clock is 07:00Z, an hour later than the evening before thought.
  expect(wait('2026-10-24T20:30:00Z')).toBe('2026-10-25T07:00:00.000Z');
  // Put forward on 29 March: an hour late, never early.
  expect(wait('2026-03-28T21:30:00Z')).toBe('2026-03-29T07:00:00.000Z');
});

test('points are written with the decimals of their type', () => {
  expect([writePoints(120, 0), writePoints(5, 2), writePoints(12345, 2)]).toEqual([
    '120',
    '0.05',
    '123.45',
  ]);
});

test('texts say in both languages what the facts are', () => {
  const facts = { points: '40', pointType: '消费积分', lastDay: '2027-12-31', daysLeft: 1 };
  const { zh, en } = render('expiry_notice', facts);
  expect(zh.text).toBe('您有 40 消费积分将于 2027-12-31 结束时到期，还有 1 天。请在此之前使用。');
  expect(en.text).toContain('expire at the end of 2027-12-31, in 1 day.');
  const change = { rule: '瓜季', from: '2027-06-01 00:00', ruleVersionId: 'rver_1' } as const;
  expect(render('rule_change', { ...change, change: 'ends' }).zh.text).toContain('起终止');
  expect(render('rule_change', { ...change, change: 'begins' }).en.text).toContain('in force from');
  const reward = { reward: '鲜果礼盒', from: '2027-06-01 00:00', versionId: 'rwv_1' } as const;
  expect(render('reward_change', { ...reward, change: 'ends' }).zh.text).toContain('不再提供');
  expect(render('reward_change', { ...reward, change: 'changes' }).en.text).toContain(
    'changes from 2027-06-01 00:00. What was redeemed before keeps its terms.',
  );
  expect(render('reward_change', { ...reward, merchant: '果店', change: 'begins' }).zh.text).toBe(
    '果店的“鲜果礼盒”自 2027-06-01 00:00 起生效。在此之前的兑换仍按原条款。',
  );
  const shops = { ...change, merchant: '果店', description: '买瓜 1.5 倍积分。' };
  const told = render('rule_change', { ...shops, change: 'changes' });
  expect(told.zh.text).toBe(
    '果店的“瓜季”的新内容自 2027-06-01 00:00 起生效：买瓜 1.5 倍积分。已经得到的积分仍按原规则。',
  );
  expect(told.en.text).toBe(
    '“瓜季” at 果店 changes from 2027-06-01 00:00: 买瓜 1.5 倍积分. Points you have keep the terms they were given under.',
  );
  const tier = { from: '银卡', to: null, isUpgrade: false, until: null };
  expect(render('tier_change', tier).en.text).toBe('Your tier changes from 银卡 to none.');
  const kept = { from: null, to: '金卡', isUpgrade: true, until: '2028-12-31' };
  expect(render('tier_change', kept).zh.text).toContain('按目前情况保留到 2028-12-31');
  const notice = { from: '金卡', to: '银卡', lastDay: '2028-12-31' };
  expect(render('tier_notice', notice).zh.text).toContain('将于 2028-12-31 结束时变为银卡');
  expect(render('tier_notice', { ...notice, to: null }).en.text).toContain('your tier 金卡 ends');
  const rules = render('tier_rules', { from: '2027-06-01 00:00', number: 2 });
  expect(rules.zh.text).toContain('自 2027-06-01 00:00 起生效');
  const booked = { merchant: '果店', reward: '采摘', rewardEn: 'Picking', until: '10:00' };
  const booking = render('booking', { ...booked, change: 'booked', from: '2027-06-01 09:00' });
  expect(booking.zh.text).toBe('您已在果店预约“采摘”：2027-06-01 09:00 至 10:00。');
  expect(booking.en.text).toBe('You booked “Picking” at 果店: 2027-06-01 09:00 to 10:00.');
  const day = { ...booked, from: '2027-06-01', until: null };
  expect(render('booking', { ...day, change: 'moved' }).en.text).toContain('now for 2027-06-01.');
  expect(render('booking_reminder', day).zh.title).toBe('预约提醒：2027-06-01');
  const { merchant, reward: what, rewardEn } = booked;
  const sent = { ...{ merchant, reward: what, rewardEn }, carrier: '顺丰', trackingNo: 'SF1' };
  expect(render('delivery', { ...sent, state: 'sent' }).zh.text).toContain('：顺丰 SF1。');
  const back = { merchant, reward: what, rewardEn, reason: '无人签收。' };
  expect(render('delivery', { ...back, state: 'undeliverable' }).zh.text).toContain('：无人签收。');
  expect(render('delivery', { ...back, state: 'delivered' }).en.text).toContain('was delivered.');
  const receipt = { merchant: '果店', orderNo: 'A-1', points: '20', pointType: '积分' };
  expect(render('receipt', receipt).zh.title).toBe('获得 20 积分');
  expect(render('offer', { merchant: '果店', zh: '甜', en: 'Sweet' }).en.text).toBe('Sweet');
});
