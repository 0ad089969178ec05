import { type GivesTongue, givesInWords, type Plain } from '@hongmi/ui/gives-in-words.ts';
import { wordsOf } from '@hongmi/ui/language.ts';
import type { Conditions, RuleBody, RuleTerms } from './body-values.ts';
import type { words } from './words.ts';

export const sentences = wordsOf({
  zh: {
    always: '始终有效，不设条件',
    list: (name: string, values: string) => `${name}：${values}`,
    least: (value: string) => `至少 ${value}`,
    most: (value: string) => `至多 ${value}`,
    from: (day: string) => `${day} 起`,
    until: (day: string) => `至 ${day}`,
    pieces: (count: string) => `至少 ${count} 件`,
    order_total: '整单',
    these: '这些商品',
    joined: (days: string) => `入会 ${days} 天之内`,
    hours: '时段',
    cap: (per: string, points: string) => `每${per}至多 ${points} 分`,
    campaign: '（与同一预算的规则合计）',
    budget: '以预算为限',
    pending: (days: string) => `${days} 天后可用`,
    completion: '，订单完成即可用',
    lasts: (text: string) => `有效期：${text}`,
    rolling: (parts: string) => `得到后 ${parts}`,
    year: (count: string) => `${count} 年`,
    month: (count: string) => `${count} 个月`,
    day: (count: string) => `${count} 天`,
    endOf: (period: string, after: string) =>
      `到${period}${after === '0' ? '' : `，再过 ${after} 期`}`,
    fixed: (day: string) => `到 ${day}`,
    for_ever: '长期有效',
    shared: (text: string) => `由${text}出资`,
    group: (group: string) => `与“${group}”组的规则只取最多的一条`,
  },
  en: {
    always: 'Always, without conditions',
    list: (name: string, values: string) => `${name}: ${values}`,
    least: (value: string) => `at least ${value}`,
    most: (value: string) => `at most ${value}`,
    from: (day: string) => `from ${day}`,
    until: (day: string) => `until ${day}`,
    pieces: (count: string) => `at least ${count} pieces`,
    order_total: 'The whole purchase',
    these: 'These goods',
    joined: (days: string) => `Within ${days} days of joining`,
    hours: 'Hours',
    cap: (per: string, points: string) => `At most ${points} points per ${per}`,
    campaign: ' (together with the other rules of its budget)',
    budget: 'As long as the budget lasts',
    pending: (days: string) => `Available after ${days} days`,
    completion: ', or once the order is completed',
    lasts: (text: string) => `They last ${text}`,
    rolling: (parts: string) => `${parts} after they were earned`,
    year: (count: string) => `${count} years`,
    month: (count: string) => `${count} months`,
    day: (count: string) => `${count} days`,
    endOf: (period: string, after: string) =>
      `to the end of the ${period}${after === '0' ? '' : ` and ${after} more`}`,
    fixed: (day: string) => `until ${day}`,
    for_ever: 'for ever',
    shared: (text: string) => `Paid by ${text}`,
    group: (group: string) => `Of the group “${group}” only the rule that gives most counts`,
  },
});

/** With what a rule is said: words, numbers, and names of what it refers to. */
export interface Tongue extends GivesTongue {
  readonly t: Plain<typeof words>;
  readonly s: Plain<typeof sentences>;
  readonly merchant: (id: string) => string;
}

/** The whole rule, a line for each thing it says. */
export function ruleInWords(body: RuleBody, tongue: Tongue): string[] {
  const { g, s } = tongue;
  const conditions = conditionsInWords(body.when, tongue);
  return [
    s.list(g.ons[body.on], givesInWords(body, tongue)),
    ...(conditions.length === 0 ? [s.always] : conditions),
    ...termsInWords(body.terms ?? {}, tongue),
    ...(body.group === undefined ? [] : [s.group(body.group)]),
  ];
}

function conditionsInWords(when: Conditions, { t, s, f, merchant }: Tongue): string[] {
  const { lines = {}, member = {}, dates, hours, orderFen } = when;
  const list = (name: string, values: readonly string[] | undefined) =>
    values === undefined ? [] : [s.list(name, f.list(values))];
  const said: string[] = [];
  if (dates !== undefined) {
    const parts = [
      dates.from === undefined ? '' : s.from(f.date(dates.from)),
      dates.to === undefined ? '' : s.until(f.date(dates.to)),
    ];
    said.push(s.list(t.dates, parts.filter((each) => each !== '').join(' ')));
  }
  said.push(
    ...list(
      t.weekdays,
      when.weekdays?.map((day) => t.weekday[day as keyof typeof t.weekday]),
    ),
    ...list(t.monthDays, when.monthDays?.map(String)),
  );
  if (hours !== undefined) said.push(s.list(s.hours, `${hours.from} – ${hours.to}`));
  said.push(
    ...list(t.merchants, when.merchants?.map(merchant)),
    ...list(t.merchantCategories, when.merchantCategories),
    ...list(t.stores, when.stores),
    ...list(t.channels, when.channels),
    ...list(t.tenders, when.tenders),
  );
  if (orderFen !== undefined) {
    const { min, max } = orderFen;
    const parts = [
      min === undefined ? '' : s.least(f.money(min)),
      max === undefined ? '' : s.most(f.money(max)),
    ];
    said.push(s.list(s.order_total, parts.filter((each) => each !== '').join(' ')));
  }
  said.push(
    ...list(t.skus, lines.skus),
    ...list(t.brands, lines.brands),
    ...list(t.categories, lines.categories),
    ...list(t.zones, lines.zones),
    ...(lines.green ? [t.green] : []),
    ...(lines.minFen === undefined ? [] : [s.list(s.these, s.least(f.money(lines.minFen)))]),
    ...(lines.minQuantity === undefined
      ? []
      : [s.list(s.these, s.pieces(f.number(lines.minQuantity)))]),
    ...list(t.tiers, member.tiers),
    ...list(t.creditBands, member.creditBands),
    ...list(t.segments, member.segments),
    ...(member.firstOrder ? [t.firstOrder] : []),
    ...(member.birthday === undefined ? [] : [s.list(t.birthday, t.birthdays[member.birthday])]),
    ...(member.joinedWithinDays === undefined ? [] : [s.joined(f.number(member.joinedWithinDays))]),
    ...(when.expression === undefined ? [] : [s.list(t.expression, when.expression)]),
  );
  return said;
}

function termsInWords(terms: RuleTerms, { t, s, f, merchant }: Tongue): string[] {
  const said: string[] = [];
  const { expiry, pendingDays, available, caps = [], budget, funders } = terms;
  if (expiry !== undefined) said.push(s.lasts(expiryInWords(expiry, { t, s, f })));
  if (pendingDays !== undefined)
    said.push(s.pending(f.number(pendingDays)) + (available === undefined ? '' : s.completion));
  for (const { per, points, campaign } of caps)
    said.push(s.cap(t.capPers[per], f.number(points)) + (campaign ? s.campaign : ''));
  if (budget !== undefined) said.push(s.budget);
  if (funders !== undefined) {
    const total = funders.reduce((sum, { share }) => sum + share, 0);
    const shares = funders.map(({ merchant: id, share }) => {
      const name = id === 'seller' ? t.seller : merchant(id);
      return funders.length === 1 || total === 0 ? name : `${name} ${f.percent(share / total)}`;
    });
    said.push(s.shared(f.list(shares)));
  }
  return said;
}

function expiryInWords(
  expiry: NonNullable<RuleTerms['expiry']>,
  { t, s, f }: Pick<Tongue, 't' | 's' | 'f'>,
): string {
  switch (expiry.kind) {
    case 'none':
      return s.for_ever;
    case 'fixed':
      return s.fixed(f.date(expiry.date));
    case 'end_of':
      return s.endOf(t.periods[expiry.period], f.number(expiry.after));
    case 'rolling': {
      const { years, months, days } = expiry;
      const parts = [
        years === undefined ? '' : s.year(f.number(years)),
        months === undefined ? '' : s.month(f.number(months)),
        days === undefined ? '' : s.day(f.number(days)),
      ];
      return s.rolling(parts.filter((each) => each !== '').join(' '));
    }
  }
}
