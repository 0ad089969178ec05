// Words by which a rule would promise what the law forbids to promise: yield and cash for points, rewards for
// recruiting, terms that take members' rights away. Sources: 防范和处置非法集资条例 19, 禁止传销条例 7, 平台规则办法.
const CHINESE = [
  '返利',
  '返现',
  '全返',
  '全额返还',
  '消费返还',
  '收益',
  '回报率',
  '年化',
  '利息',
  '保本',
  '保息',
  '稳赚',
  '躺赚',
  '零风险',
  '升值',
  '分红',
  '股权',
  '原始股',
  '投资',
  '理财',
  '提现',
  '套现',
  '变现',
  '拉人头',
  '下线',
  '最终解释权',
  '最終解釋權',
  '不退不换',
  '不退不換',
  '概不退换',
];
const ENGLISH = [
  'cash ?back',
  'cash ?out',
  'full(ly)? (rebate|refund)[a-z]*',
  'yields?',
  'dividends?',
  'interest rate',
  'guaranteed? (returns?|profits?|income)',
  'risk[ -]?free',
  'profits?',
  'invest(ment|ments|ing|ors?)?',
  'equity',
  'shareholders?',
  'downlines?',
  'final interpretation',
  'no (returns?|refunds?|exchanges?)',
];

const english = new RegExp(`\\b(${ENGLISH.join('|')})\\b`, 'i');

/** The first forbidden word of a text, or undefined. Spaces within Chinese words hide nothing. */
export function forbiddenWordIn(text: string): string | undefined {
  const plain = text.normalize('NFKC');
  const joined = plain.replace(/[\s\p{P}\p{S}]+/gu, '');
  return CHINESE.find((word) => joined.includes(word)) ?? english.exec(plain)?.[0];
}
