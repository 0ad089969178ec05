import { localTime } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { TermsPart } from '../kernel/terms-change.ts';
import type { FactsOf, MessageKind, Words } from './message.ts';

/** Of a merchant's own tiers, its name. */
const atZh = (merchant: string | undefined): string =>
  merchant === undefined ? '' : `在${merchant}`;
const atEn = (merchant: string | undefined): string =>
  merchant === undefined ? '' : ` at ${merchant}`;

/** The texts of each kind: what a variable is, its type says. */
const TEMPLATES: { readonly [K in MessageKind]: (facts: FactsOf[K]) => Words } = {
  expiry_notice: ({ points, pointType, lastDay, daysLeft }) => ({
    zh: {
      title: `${points} ${pointType}即将到期`,
      text: `您有 ${points} ${pointType}将于 ${lastDay} 结束时到期，${daysLeft === 0 ? '就是今天' : `还有 ${daysLeft} 天`}。请在此之前使用。`,
    },
    en: {
      title: `${points} ${pointType} are about to expire`,
      text: `${points} ${pointType} of yours expire at the end of ${lastDay}, ${inDays(daysLeft)}. Use them before.`,
    },
  }),
  tier_change: ({ merchant, from, to, isUpgrade, until }) => ({
    zh: {
      title: isUpgrade ? '会员等级提升' : '会员等级变更',
      text: `您${atZh(merchant)}的会员等级由${from ?? '无'}变为${to ?? '无'}${until === null ? '' : `，按目前情况保留到 ${until}`}。`,
    },
    en: {
      title: isUpgrade ? 'You have reached a higher tier' : 'Your tier has changed',
      text: `Your tier${atEn(merchant)} changes from ${from ?? 'none'} to ${to ?? 'none'}${until === null ? '' : `, as things are until ${until}`}.`,
    },
  }),
  tier_notice: ({ merchant, from, to, lastDay }) => ({
    zh: {
      title: `${from}即将到期`,
      text: `您${atZh(merchant)}的会员等级${from}将于 ${lastDay} 结束时${to === null ? '取消' : `变为${to}`}。在此之前再次达到要求即可保留。`,
    },
    en: {
      title: `Your tier ${from} is about to end`,
      text: `At the end of ${lastDay} your tier ${from}${atEn(merchant)} ${to === null ? 'ends' : `becomes ${to}`}. Qualify for it again by then and you keep it.`,
    },
  }),
  tier_rules: ({ merchant, from }) => ({
    zh: {
      title: '会员等级规则变更',
      text: `${merchant ?? ''}会员等级的新规则自 ${from} 起生效。已经得到的等级按公布的规则保留。`,
    },
    en: {
      title: 'The rules for tiers change',
      text: `New rules for tiers${atEn(merchant)} are in force from ${from}. Tiers you have are kept as the published rules say.`,
    },
  }),
  rule_change: ({ merchant, rule, description, change, from }) => ({
    zh: {
      title: { begins: '新的积分规则', changes: '积分规则变更', ends: '积分规则终止' }[change],
      text: `${merchant === undefined ? '' : `${merchant}的`}“${rule}”${{ begins: '自', changes: '的新内容自', ends: '自' }[change]} ${from} 起${change === 'ends' ? '终止' : '生效'}${description === undefined ? '' : `：${unended(description)}`}。已经得到的积分仍按原规则。`,
    },
    en: {
      title: {
        begins: 'A new rule for points',
        changes: 'A rule for points changes',
        ends: 'A rule for points ends',
      }[change],
      text: `“${rule}”${atEn(merchant)} ${{ begins: 'is in force from', changes: 'changes from', ends: 'ends at' }[change]} ${from}${description === undefined ? '' : `: ${unended(description)}`}. Points you have keep the terms they were given under.`,
    },
  }),
  terms_change: ({ merchant, what, pointType, from }) => ({
    zh: {
      title: '积分约定变更',
      text: `自 ${from} 起，${merchant ?? ''}${worseZh(what, pointType ?? '积分')}。${isOfNewPoints(what) ? '此前获得的积分仍按原约定。' : ''}`,
    },
    en: {
      title: 'Terms of your points change',
      text: `From ${from}${atEn(merchant)} ${worseEn(what, pointType ?? 'points')}.${isOfNewPoints(what) ? ' Points you have got by then keep their terms.' : ''}`,
    },
  }),
  reward_change: ({ merchant, reward, change, from }) => ({
    zh: {
      title: { begins: '新的兑换内容', changes: '兑换内容变更', ends: '兑换内容下架' }[change],
      text: `${merchant === undefined ? '' : `${merchant}的`}“${reward}”${{ begins: '自', changes: '的新内容自', ends: '自' }[change]} ${from} 起${change === 'ends' ? '不再提供' : '生效'}。在此之前的兑换仍按原条款。`,
    },
    en: {
      title: {
        begins: 'Something new to redeem',
        changes: 'Something you can redeem changes',
        ends: 'Something you can redeem ends',
      }[change],
      text: `“${reward}”${atEn(merchant)} ${{ begins: 'is offered from', changes: 'changes from', ends: 'ends at' }[change]} ${from}. What was redeemed before keeps its terms.`,
    },
  }),
  booking: ({ merchant, reward, rewardEn, change, from, until }) => ({
    zh: {
      title: change === 'booked' ? '预约成功' : '预约已改期',
      text:
        change === 'booked'
          ? `您已在${merchant}预约“${reward}”：${spanZh(from, until)}。`
          : `您在${merchant}的“${reward}”预约改为：${spanZh(from, until)}。`,
    },
    en: {
      title: change === 'booked' ? 'Booked' : 'Your booking was moved',
      text:
        change === 'booked'
          ? `You booked “${rewardEn}” at ${merchant}: ${spanEn(from, until)}.`
          : `Your booking of “${rewardEn}” at ${merchant} is now for ${spanEn(from, until)}.`,
    },
  }),
  booking_reminder: ({ merchant, reward, rewardEn, from, until }) => ({
    zh: {
      title: `预约提醒：${from}`,
      text: `提醒您在${merchant}的“${reward}”预约：${spanZh(from, until)}。`,
    },
    en: {
      title: `Your booking on ${from}`,
      text: `A reminder of your booking of “${rewardEn}” at ${merchant}: ${spanEn(from, until)}.`,
    },
  }),
  delivery: ({ merchant, reward, rewardEn, state, carrier, trackingNo, reason }) => ({
    zh: {
      title: { sent: '兑换品已寄出', delivered: '兑换品已送达', undeliverable: '兑换品未能送达' }[
        state
      ],
      text: {
        sent: `${merchant}已寄出您兑换的“${reward}”：${carrier} ${trackingNo}。`,
        delivered: `您在${merchant}兑换的“${reward}”已送达。`,
        undeliverable: `您在${merchant}兑换的“${reward}”未能送达：${unended(reason ?? '')}。`,
      }[state],
    },
    en: {
      title: {
        sent: 'On its way',
        delivered: 'Delivered',
        undeliverable: 'It could not be delivered',
      }[state],
      text: {
        sent: `${merchant} sent “${rewardEn}”: ${carrier} ${trackingNo}.`,
        delivered: `“${rewardEn}” from ${merchant} was delivered.`,
        undeliverable: `“${rewardEn}” from ${merchant} could not be delivered: ${unended(reason ?? '')}.`,
      }[state],
    },
  }),
  after_sales: ({ merchant, rewardZh, rewardEn, what, reason, back, compensation, cash }) => ({
    zh: {
      title: `售后：${rewardZh}`,
      text: `${merchant}的“${rewardZh}”${becameZh(what, reason, back)}${cash === null ? '' : `现金 ${cash} 元按原支付方式退回。`}${compensation === null ? '' : `另补偿 ${compensation}。`}`,
    },
    en: {
      title: `After-sales: ${rewardEn}`,
      text: `“${rewardEn}” at ${merchant} ${becameEn(what, reason, back)}${cash === null ? '' : ` ¥${cash} go back the way they were paid.`}${compensation === null ? '' : ` ${compensation} come on top as compensation.`}`,
    },
  }),
  receipt: ({ merchant, orderNo, points, pointType }) => ({
    zh: {
      title: `获得 ${points} ${pointType}`,
      text: `您在${merchant}的订单 ${orderNo} 获得 ${points} ${pointType}。`,
    },
    en: {
      title: `${points} ${pointType} earned`,
      text: `Your order ${orderNo} at ${merchant} earned ${points} ${pointType}.`,
    },
  }),
  offer: ({ merchant, zh, en }) => ({
    zh: { title: merchant, text: zh },
    en: { title: merchant, text: en },
  }),
};

const spanZh = (from: string, until: string | null): string =>
  until === null ? from : `${from} 至 ${until}`;
const spanEn = (from: string, until: string | null): string =>
  until === null ? from : `${from} to ${until}`;

/** What else changes is about points that members have as well: they are told early enough to use them. */
const isOfNewPoints = (what: TermsPart['what']): boolean =>
  what === 'earn_ratio' || what === 'expiry';

function worseZh(what: TermsPart['what'], pointType: string): string {
  return {
    earn_ratio: '同样的消费得到的积分减少',
    returns: '退货时收回已用积分的办法变严',
    refund_grace: '退回的已到期积分可用的天数减少',
    conversions: '积分之间的换算变少',
    expiry: `新得的${pointType}有效期变短`,
    gifts: `${pointType}不能再转赠`,
  }[what];
}

function worseEn(what: TermsPart['what'], pointType: string): string {
  return {
    earn_ratio: 'the same purchase earns fewer points',
    returns: 'more is taken back when goods are returned whose points were spent',
    refund_grace: 'lapsed points that come back can be used for fewer days',
    conversions: 'points become fewer of another type, or none',
    expiry: `${pointType} that you earn lapse sooner`,
    gifts: `${pointType} cannot be given away any more`,
  }[what];
}

const REFUSAL_ZH: Readonly<Record<string, string>> = {
  no_fault_found: '未发现问题',
  damaged_by_member: '使用中损坏',
  used_up: '已经用完',
  incomplete: '物品不全',
  not_ours: '不是本店提供',
  not_returned: '未收到退回的物品',
  perishable: '鲜活易腐',
  custom_made: '定作',
  unsealed: '已拆封',
};
const REFUSAL_EN: Readonly<Record<string, string>> = {
  no_fault_found: 'no fault was found',
  damaged_by_member: 'it was damaged in use',
  used_up: 'it is used up',
  incomplete: 'parts of it are missing',
  not_ours: 'it was not handed out by them',
  not_returned: 'it did not come back',
  perishable: 'it is perishable',
  custom_made: 'it was made to order',
  unsealed: 'it was unsealed',
};

type AfterSales = FactsOf['after_sales'];

function becameZh(what: AfterSales['what'], reason: string | null, back: string | null): string {
  const why = reason === null ? '' : `（${REFUSAL_ZH[reason] ?? reason}）`;
  const home = back === null ? '' : `，${back}已退回原批次`;
  return {
    accepted: '的售后申请已被接受。请按商家的说明退回。',
    refused: `的售后申请被商家拒绝${why}。如不同意，可请平台处理。`,
    escalated: '的售后申请已转由平台处理。',
    dismissed: `的售后申请经平台处理未获支持${why}。`,
    exchanged: '已经更换。',
    mended: '已经修好。',
    refunded: `的售后已完成${home}。`,
    cancelled: `已被商家取消${home}。`,
  }[what];
}

function becameEn(what: AfterSales['what'], reason: string | null, back: string | null): string {
  const why = reason === null ? '' : `: ${REFUSAL_EN[reason] ?? reason}`;
  const home = back === null ? '' : `; ${back} are back where they came from`;
  return {
    accepted: 'will be made good. Return it as the merchant says.',
    refused: `will not be made good, the merchant says${why}. You can ask the operator to decide.`,
    escalated: 'is with the operator now, who decides about it.',
    dismissed: `will not be made good, the operator decided${why}.`,
    exchanged: 'was exchanged.',
    mended: 'was mended.',
    refunded: `is settled${home}.`,
    cancelled: `was cancelled by the merchant${home}.`,
  }[what];
}

/** Somebody's own words, to go on after them. */
const unended = (text: string): string => text.trim().replace(/[。.]+$/, '');

const inDays = (days: number): string =>
  days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`;

/** What a message says, in both languages. */
export function render<K extends MessageKind>(kind: K, facts: FactsOf[K]): Words {
  return TEMPLATES[kind](facts);
}

/** Points as people write them: integers of the point type's smallest unit, with its decimals. */
export function writePoints(points: number, scale: number): string {
  if (scale === 0) return String(points);
  const digits = String(points).padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** An instant as people write it: `2027-06-01 00:00`. */
export function writeTime(at: Instant, timeZone: string): string {
  const { date, hour, minute } = localTime(at, timeZone);
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  return `${date} ${time}`;
}
