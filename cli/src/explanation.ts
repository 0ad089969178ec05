import type { components } from '@hongmi/sdk';
import { isMessageCode, type Say } from './messages.ts';
import { count, facts } from './table.ts';

type Schemas = components['schemas'];
type Outcome = Schemas['RuleOutcome'];
type Step = Outcome['steps'][number];
/** Of an order or an activity, or of a question (`POST /rules/examine`). */
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

const USUAL_POINT_TYPE = 'points';

/**
 * What every rule made of an order or activity, in words: a line for each, with what it gave and how, or with the first
 * condition that failed. Ends with why there was nothing, if so.
 */
export function explanationText({ rules, awards, noPointsReason }: Explained, say: Say): string {
  const told = rules.map((rule) => {
    const award = awards?.find(({ ruleVersionId }) => ruleVersionId === rule.ruleVersionId);
    return { rule, award, gain: gainOf(rule, award) };
  });
  const width = Math.max(0, ...told.map(({ gain }) => gain.length));
  const rows = told.map(({ rule, award, gain }): [string, string] => {
    const { code, name, fired } = rule;
    const called = code === null ? say('explained_ratio') : `${name ?? code} (${code})`;
    const how = fired ? gave(rule, award, say) : why(rule, say);
    return [`  ${gain.padStart(width)}  ${called}`, how];
  });
  // Points of another type stand in the lines already.
  const isNothing = noPointsReason !== undefined && noPointsReason !== 'other_point_type';
  const nothing = isNothing
    ? `  ${say('explained_nothing', { why: wordOf(say, 'why', noPointsReason) })}\n`
    : '';
  if (rows.length === 0) return nothing === '' ? `${say('explained_no_rules')}\n` : nothing;
  return `${facts(rows)}${nothing}`;
}

/** `+31`, with the point type where it is not the usual one. */
function gainOf({ fired, points }: Outcome, award: Award | undefined): string {
  const given = award?.granted ?? points;
  const type =
    award === undefined || award.pointType === USUAL_POINT_TYPE ? '' : ` ${award.pointType}`;
  return fired ? `+${count(given)}${type}` : '-';
}

function gave({ steps }: Outcome, award: Award | undefined, say: Say): string {
  const told = steps.map((step) => stepText(step, say));
  const { asked, granted, reason } = award ?? {};
  if (reason !== undefined && asked !== undefined && granted !== undefined) {
    const cut = { asked: count(asked), granted: count(granted), why: wordOf(say, 'why', reason) };
    told.push(say('explained_cut', cut));
  }
  return told.join(say('explained_then'));
}

function stepText({ code, facts: told }: Step, say: Say): string {
  const number = (name: string): number => Number(told[name] ?? 0);
  switch (code) {
    case 'base':
    case 'extra':
    case 'base_of_lines':
      return say(`step_${code}`, {
        money: money(number('fen')),
        points: count(number('points')),
        per: money(number('perFen')),
      });
    case 'times':
      return say('step_times', {
        times: fraction(number('num'), number('den')),
        more: fraction(number('num') - number('den'), number('den')),
      });
    case 'fixed':
      return number('times') === 1
        ? say('step_fixed', { points: count(number('points')) })
        : say('step_fixed_each', {
            points: count(number('points')),
            times: count(number('times')),
          });
    case 'rounded_down':
    case 'capped':
      return say(`step_${code}`, { points: count(number('points')) });
    case 'cap':
    case 'campaign_cap':
      return say(`step_${code}`, {
        points: count(number('points')),
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
function why({ failed, wanted, found }: Outcome, say: Say): string {
  const name = failed ?? '';
  const code = `failed_${name.replaceAll('.', '_')}`;
  const tell = wordsOf(name, say);
  // What is known of a member is not told to every key.
  const told = {
    wanted: tell(wanted ?? ''),
    found: found === null ? say('explained_untold') : tell(found),
  };
  return isMessageCode(code) ? say(code, told) : say('failed_other', { name, ...told });
}

/** How what a condition wanted and found is said. */
function wordsOf(failed: string, say: Say): (text: string) => string {
  const none = (text: string): string => (text === '-' ? say('none') : text);
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
function groupText(text: string, say: Say): string {
  const [, own, left, code = '', most] =
    /^(\d+)(?: \((\d+) left\))?, (.+) gives (\d+)$/.exec(text) ?? [];
  if (most === undefined) return text;
  const worth = count(Number(own));
  const mine = left === undefined ? worth : say('group_left', { worth, left: count(Number(left)) });
  return say('group_found', { mine, code, most: count(Number(most)) });
}

/** `>= 5` */
function boundText(text: string, say: Say): string {
  return text.replace('>= ', say('bound_least')).replace('<= ', say('bound_most'));
}

/** `{"categories":["melon"]}` is what a rule is about; what was bought comes as plain text. */
function linesText(text: string, say: Say): string {
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
function wordOf(say: Say, kind: Kind, name: string): string {
  const code = `${kind}_${name}`;
  return isMessageCode(code) ? say(code) : name;
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
