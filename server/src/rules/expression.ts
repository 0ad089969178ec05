import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { constantFailureIn } from './expression-constants.ts';
import {
  type Context,
  contextOf,
  EVENT,
  EventSeen,
  LINE,
  LineSeen,
  MEMBER,
  MemberSeen,
  ORDER,
  OrderSeen,
  TIME,
  TimeSeen,
} from './expression-context.ts';
import type { Scene } from './scene.ts';

/** What is wrong with an expression, and where: `line` and `column` count from 1, `offset` from 0. */
export interface ExpressionProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** What an expression made of a scene: true or false, or why neither. */
export type Found = { readonly value: boolean } | { readonly failure: string };

/** A checked expression, ready to be asked. Never throws. */
export type Expression = (scene: Scene) => Found;

export const EXPRESSION_MAX = 1000;
/** A pass takes up to half a millisecond for an order of a thousand lines, for every rule that has it. */
const PASSES_MAX = 5;
const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 32,
  maxListElements: 100,
  maxMapEntries: 0,
  maxCallArguments: 4,
};

// What may be called. Missing are regular expressions, whose time nobody can bound, functions that ask
// the machine's time zone, and `dyn` and `bind`, which get round the types and the bound on size.
const FUNCTIONS = new Set(['has', 'size', 'int', 'double', 'string']);
const OVER_LINES = new Set(['exists', 'all', 'exists_one', 'filter', 'map']);
const METHODS = new Set([
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'lowerAscii',
  'upperAscii',
  ...OVER_LINES,
]);

/** What people look for and there is not, and what to write instead. */
const HINTS: ReadonlyMap<string, string> = new Map([
  // Of two orders on their way at once neither counts the other: both would be the first, or the tenth.
  [
    'no_such_key orders',
    'for the first order there is when.member.firstOrder, for how often tiers',
  ],
]);

const withoutMember = new Environment({ limits: LIMITS })
  .registerType('Line', { ctor: LineSeen, fields: LINE })
  .registerType('Order', { ctor: OrderSeen, fields: ORDER })
  .registerType('Event', { ctor: EventSeen, fields: EVENT })
  .registerType('Time', { ctor: TimeSeen, fields: TIME })
  .registerVariable('order', 'Order')
  .registerVariable('event', 'Event')
  .registerVariable('time', 'Time');
const whole = withoutMember
  .clone()
  .registerType('Member', { ctor: MemberSeen, fields: MEMBER })
  .registerVariable('member', 'Member');

/** What is wrong with an expression, or null: it must be true or false for every scene of its types. */
export function problemOfExpression(text: string): ExpressionProblem | null {
  if (text.length > EXPRESSION_MAX)
    return problemAt(text, EXPRESSION_MAX, 'limit_exceeded', `longer than ${EXPRESSION_MAX}`);
  const checked = whole.check(text);
  if (!checked.valid) {
    const { code = 'not_valid', summary = 'not valid', range } = checked.error ?? {};
    const start = range?.start ?? 0;
    const hint = HINTS.get(`${code} ${text.slice(start, range?.end)}`);
    return problemAt(text, start, code, hint === undefined ? summary : `${summary}: ${hint}`);
  }
  const { ast } = whole.parse(text);
  const passes: ASTNode[] = [];
  const forbidden = forbiddenIn(ast, false, passes);
  if (forbidden !== undefined) return problemAt(text, forbidden.node.start, ...forbidden.why);
  const excess = passes[PASSES_MAX];
  if (excess !== undefined)
    return problemAt(
      text,
      excess.start,
      'limit_exceeded',
      `more than ${PASSES_MAX} passes over lists`,
    );
  const failure = constantFailureIn(text, ast, (part) => whole.evaluate(part, {}));
  if (failure !== undefined)
    return problemAt(text, failure.node.start, failure.code, failure.message);
  if (checked.type === 'bool') return null;
  return problemAt(
    text,
    ast.start,
    'not_true_or_false',
    `gives ${checked.type}, not true or false`,
  );
}

/** Whether a valid expression looks at the member. */
export function dependsOnMember(text: string): boolean {
  return !withoutMember.check(text).valid;
}

/** A checked expression of a merchant's own rule or another, ready to be asked: one that cannot be read any more says so whenever it is. */
export function readExpression(text: string, isMerchants = false): Expression {
  let evaluate: ((context: Context) => unknown) | undefined;
  return (scene) => {
    try {
      evaluate ??= whole.parse(text) as (context: Context) => unknown;
      const value = evaluate(contextOf(scene, isMerchants));
      return typeof value === 'boolean' ? { value } : { failure: `gives ${typeof value}` };
    } catch (error) {
      return { failure: (error as { summary?: string }).summary ?? (error as Error).message };
    }
  };
}

type Forbidden = { readonly node: ASTNode; readonly why: readonly [code: string, message: string] };

// One pass over the lines within another would take their product of steps: a second for a long order.
function forbiddenIn(
  node: ASTNode,
  isWithinPass: boolean,
  passes: ASTNode[],
): Forbidden | undefined {
  if (node.op === 'call' || node.op === 'rcall') {
    const [name] = node.args;
    if (!(node.op === 'call' ? FUNCTIONS : METHODS).has(name))
      return { node, why: ['unknown_function', `there is no function ${name}`] };
    if (node.op === 'rcall' && OVER_LINES.has(name)) {
      if (isWithinPass)
        return {
          node,
          why: ['nested', `${name} within another pass over a list is too much work`],
        };
      const inReceiver = forbiddenIn(node.args[1], isWithinPass, passes);
      if (inReceiver !== undefined) return inReceiver;
      passes.push(node);
      return firstOf(node.args[2], true, passes);
    }
  }
  return firstOf(node.args, isWithinPass, passes);
}

function firstOf(part: unknown, isWithinPass: boolean, passes: ASTNode[]): Forbidden | undefined {
  if (Array.isArray(part)) {
    for (const each of part) {
      const found = firstOf(each, isWithinPass, passes);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const isNode = typeof part === 'object' && part !== null && 'op' in part;
  return isNode ? forbiddenIn(part as ASTNode, isWithinPass, passes) : undefined;
}

function problemAt(text: string, offset: number, code: string, message: string): ExpressionProblem {
  const before = text.slice(0, offset).split('\n');
  return { code, message, offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
