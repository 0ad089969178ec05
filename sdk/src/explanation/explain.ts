import type { components } from '../generated/schema.ts';
import { ENGLISH_EXPLANATION } from './words-en.ts';
import { CHINESE_EXPLANATION } from './words-zh.ts';

type Schemas = components['schemas'];
type Outcome = Schemas['RuleOutcome'];
type Step = Outcome['steps'][number];
/** Of an order or an activity, or of a question (`examineRules`). */
export interface Explained {
  readonly rules: readonly Outcome[];
  readonly noPointsReason?: string;
  readonly awards?: readonly {
    readonly ruleVersionId: string | null;
    readonly asked?: number;
    readonly granted?: number;
    readonly reason?: string;
    readonly pointType: string;
  }[];
}
type Award = NonNullable<Explained['awards']>[number];

/** What one rule made of it. */
export interface ExplainedRule {
  /** The rule's name; of the merchant's own ratio what that is called. */
  readonly name: string;
  /** Null: the merchant's own ratio. */
  readonly code: string | null;
  readonly ruleVersionId: string | null;
  readonly fired: boolean;
  /** What it gave, after caps and budgets where that is known. */
  readonly points: number;
  /** Undefined where that is not told: of rules that gave nothing. */
  readonly pointType: string | undefined;
  /** How it came to that, or the first condition that failed. */
  readonly why: string;
}

export interface Explanation {
  readonly rules: readonly ExplainedRule[];
  /** Why there was nothing at all; null when there was something. */
  readonly nothing: string | null;
}

export type ExplanationCode = keyof typeof ENGLISH_EXPLANATION;
/** Says a word of an explanation in somebody's language. */
export type SayExplanation = (
  code: ExplanationCode,
  facts?: Readonly<Record<string, string | number>>,
) => string;

/** The words of explanations in a language. */
export function explanationWords(language: 'zh' | 'en'): SayExplanation {
  const words = language === 'zh' ? CHINESE_EXPLANATION : ENGLISH_EXPLANATION;
  return (code, facts = {}) =>
    words[code].replace(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place));
}

/**
 * What every rule made of an order or activity, in words: what it gave and how, or the first condition that failed. `scaleOf`: how many
 * decimals points of a type are shown with; none where it is not given.
 */
export function explain(
  { rules, awards, noPointsReason }: Explained,
  say: SayExplanation,
  scaleOf: (pointType: string) => number = () => 0,
): Explanation {
  return {
    rules: rules.map((rule) => {
      const award = awards?.find(({ ruleVersionId }) => ruleVersionId === rule.ruleVersionId);
      const { code, name, fired, ruleVersionId } = rule;
      const scale = scaleOf(award?.pointType ?? 'points');
      return {
        name: code === null ? say('explained_ratio') : (name ?? code),
        code,
        ruleVersionId,
        fired,
        points: award?.granted ?? rule.points,
        pointType: award?.pointType,
        why: fired ? gave(rule, award, say, scale) : why(rule, say),
      };
    }),
    // Points of another type stand with the rules already.
    nothing:
      noPointsReason === undefined || noPointsReason === 'other_point_type'
        ? null
        : wordOf(say, 'why', noPointsReason),
  };
}

function gave(
  { steps }: Outcome,
  award: Award | undefined,
  say: SayExplanation,
  scale: number,
): string {
  const told = steps.map((step) => stepText(step, say, scale));
  const { asked, granted, reason } = award ?? {};
  if (reason !== undefined && asked !== undefined && granted !== undefined) {
    const cut = {
      asked: count(asked, scale),
      granted: count(granted, scale),
      why: wordOf(say, 'why', reason),
    };
    told.push(say('explained_cut', cut));
  }
  return told.join(say('explained_then'));
}

function stepText({ code, facts: told }: Step, say: SayExplanation, scale: number): string {
  const number = (name: string): number => Number(told[name] ?? 0);
  switch (code) {
    case 'base':
    case 'extra':
    case 'base_of_lines':
      return say(`step_${code}`, {
        money: money(number('fen')),
        points: count(number('points'), scale),
        per: money(number('perFen')),
      });
    case 'times':
      return say('step_times', {
        times: fraction(number('num'), number('den')),
        more: fraction(number('num') - number('den'), number('den')),
      });
    case 'fixed':
      return number('times') === 1
        ? say('step_fixed', { points: count(number('points'), scale) })
        : say('step_fixed_each', {
            points: count(number('points'), scale),
            times: count(number('times')),
          });
    case 'rounded_down':
    case 'capped':
      return say(`step_${code}`, { points: count(number('points'), scale) });
    case 'cap':
    case 'campaign_cap':
      return say(`step_${code}`, {
        points: count(number('points'), scale),
        per: wordOf(say, 'per', String(told.per)),
      });
    case 'budget':
      return say('step_budget');
    case 'best_of_group':
      return say('step_best_of_group', { group: String(told.group) });
    default:
      return [code, ...Object.values(told)].join(' ');
  }
}

/** The first condition that failed. */
function why({ failed, wanted, found }: Outcome, say: SayExplanation): string {
  const name = failed ?? '';
  const code = `failed_${name.replaceAll('.', '_')}`;
  const tell = wordsOf(name, say);
  // What is known of a member is not told to every key.
  const told = {
    wanted: tell(wanted ?? ''),
    found: found === null ? say('explained_untold') : tell(found),
  };
  return isWord(code) ? say(code, told) : say('failed_other', { name, ...told });
}

/** How what a condition wanted and found is said. */
function wordsOf(failed: string, say: SayExplanation): (text: string) => string {
  const none = (text: string): string => (text === '-' ? say('explained_none') : text);
  switch (failed) {
    case 'when.weekdays':
      return (text) => text.replace(/\d/g, (day) => wordOf(say, 'weekday', day));
    case 'when.orderFen':
    case 'when.lines.minFen':
      return (text) =>
        boundText(
          text.replace(/\d+/g, (fen) => money(Number(fen))),
          say,
        );
    case 'when.lines.minQuantity':
    case 'when.member.joinedWithinDays':
      return (text) => boundText(text, say);
    case 'when.member.tiers':
      return (text) => {
        const [, whose, tier = text] = /^(merchant|programme): (.+)$/.exec(text) ?? [];
        return whose === undefined
          ? none(tier)
          : say(`tier_of_${whose as 'merchant' | 'programme'}`, { tier: none(tier) });
      };
    case 'when.member.birthday':
      return (text) => (text === 'day' || text === 'month' ? say(`birthday_${text}`) : none(text));
    case 'when.member.firstOrder':
      return (text) => String(Number.parseInt(text, 10));
    case 'when.dates':
      return (text) => text.replace('..', ' – ');
    case 'when.lines.green':
      return (text) =>
        none(text).replace(/(\S+) (\w+)(?=,|$)/g, (_, number: string, state: string) => {
          return `${number} ${wordOf(say, 'green', state)}`;
        });
    case 'when.lines':
      return (text) => none(linesText(text, say));
    case 'group':
      return (text) => groupText(text, say);
    default:
      return none;
  }
}

/** `30 (0 left), other-rule gives 10` */
function groupText(text: string, say: SayExplanation): string {
  const [, own, left, code = '', most] =
    /^(\d+)(?: \((\d+) left\))?, (.+) gives (\d+)$/.exec(text) ?? [];
  if (most === undefined) return text;
  const worth = count(Number(own));
  const mine = left === undefined ? worth : say('group_left', { worth, left: count(Number(left)) });
  return say('group_found', { mine, code, most: count(Number(most)) });
}

/** `>= 5` */
function boundText(text: string, say: SayExplanation): string {
  return text.replace('>= ', say('bound_least')).replace('<= ', say('bound_most'));
}

/** `{"categories":["melon"]}` is what a rule is about; what was bought comes as plain text. */
function linesText(text: string, say: SayExplanation): string {
  if (!text.startsWith('{')) return text;
  const about = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const told = about.flatMap(([name, value]) => {
    if (name === 'green') return [say('lines_green')];
    return Array.isArray(value) ? [`${wordOf(say, 'lines', name)} ${value.join(', ')}`] : [];
  });
  return told.join(say('explained_then'));
}

type Kind = 'why' | 'per' | 'weekday' | 'lines' | 'green';

/** What a word of the API is called; the word itself when it is new. */
function wordOf(say: SayExplanation, kind: Kind, name: string): string {
  const code = `${kind}_${name}`;
  return isWord(code) ? say(code) : name;
}

/** ¥31.50, and ¥1 where there are no fen. */
function money(fen: number): string {
  const text = `¥${count(Math.floor(fen / 100))}`;
  return fen % 100 === 0 ? text : `${text}.${String(fen % 100).padStart(2, '0')}`;
}

/** 2, 1.2, 4/3 */
function fraction(num: number, den: number): string {
  return (num * 100) % den === 0 ? String(num / den) : `${num}/${den}`;
}

function isWord(code: string): code is ExplanationCode {
  return Object.hasOwn(ENGLISH_EXPLANATION, code);
}

// Numbers as both languages group them.
const count = (value: number, scale = 0): string =>
  (value / 10 ** scale).toLocaleString('en', {
    minimumFractionDigits: scale,
    maximumFractionDigits: scale,
  });
