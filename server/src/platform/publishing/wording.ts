// Words by which a rule would promise what the law forbids to promise: yield and cash for points, their sale, rewards for
// recruiting, terms that take members' rights away. Sources: 防范和处置非法集资条例 19, 禁止传销条例 7, 平台规则办法.
// Chinese is written without gaps, so some name what must not stand beside them: 部分红酒, 确保本店, 提升值得.
const CHINESE = [
  '返利',
  '返现',
  '全返',
  '全额返还',
  '消费返还',
  '收益',
  '回报率',
  '年化[率利收]',
  '利息',
  '(?<![环确])保本(?![店次地土活商])',
  '保息',
  '稳赚',
  '躺赚',
  '零风险',
  '(?<![提上])升值',
  '(?<!部)分红(?![色酒茶枣包豆糖薯])',
  '股权',
  '原始股',
  '投资',
  '理财',
  '提现',
  '套现',
  '(?<!改)变现',
  '(买卖|出售|倒卖|转卖|收购|充值)积分',
  '购买积分(?![翻双多加送]|[一二三四五六七八九十两0-9]+倍)',
  '积分(买卖|出售|倒卖|转卖|收购|充值|兑现|换钱|换现金)',
  '拉人头',
  '发展下线',
  '下线(会员|成员|提成|消费)',
  '最[终終]解[释釋][权權]',
  '不退不[换換]',
  '概不退[换換货貨]',
];
const ENGLISH = [
  'cash ?back',
  'cash ?out',
  'full(ly)? (rebate|refund)[a-z]*',
  '(buy|sell|purchase|trade) (your )?points',
  'points for sale',
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

const chinese = new RegExp(CHINESE.join('|'));
const english = new RegExp(`\\b(${ENGLISH.join('|')})\\b`, 'i');

/** What hides a word without ending a sentence. */
const FILLERS = /[\s\p{S}·.*_/\\-]+/gu;

/** The first forbidden word of a text, or undefined. Spaces and signs within Chinese words hide nothing. */
export function forbiddenWordIn(text: string): string | undefined {
  const plain = text.normalize('NFKC');
  const joined = plain.replace(FILLERS, '');
  return chinese.exec(joined)?.[0] ?? english.exec(plain)?.[0];
}
