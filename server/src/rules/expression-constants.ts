import type { ASTNode } from '@marcbachmann/cel-js';

/** What will fail for every occasion: where, and why. */
export interface ConstantFailure {
  readonly node: ASTNode;
  readonly code: 'division_by_zero' | 'overflow' | 'always_fails';
  readonly message: string;
}

/** Of parts of an expression that look at nothing, evaluates a text; throws what it throws. */
type Evaluate = (text: string) => unknown;

const INT_MAX = 2n ** 63n;

/**
 * The first part of an expression that fails whatever it is asked about: a division by a constant zero, a number too large, a
 * constant that cannot be computed. What depends on the occasion fails there, and the condition with it.
 */
export function constantFailureIn(
  text: string,
  node: ASTNode,
  evaluate: Evaluate,
): ConstantFailure | undefined {
  const evaluated = (part: ASTNode): unknown => evaluate(text.slice(part.start, part.end));
  if (isConstant(node)) {
    if (node.op === 'value') {
      const isTooLarge = typeof node.args === 'bigint' && node.args > INT_MAX;
      return isTooLarge
        ? { node, code: 'overflow', message: 'the number is too large' }
        : undefined;
    }
    for (const part of partsOf(node.args)) {
      const found = constantFailureIn(text, part, evaluate);
      if (found !== undefined) return found;
    }
    try {
      evaluated(node);
      return undefined;
    } catch (error) {
      const message = (error as { summary?: string }).summary ?? (error as Error).message;
      if (/division|modulo/i.test(message)) return { node, code: 'division_by_zero', message };
      return { node, code: /overflow/i.test(message) ? 'overflow' : 'always_fails', message };
    }
  }
  for (const part of partsOf(node.args)) {
    const found = constantFailureIn(text, part, evaluate);
    if (found !== undefined) return found;
  }
  if (node.op !== '/' && node.op !== '%') return undefined;
  const [, divisor] = node.args;
  if (!isConstant(divisor) || evaluated(divisor) !== 0n) return undefined;
  return { node: divisor, code: 'division_by_zero', message: 'it divides by zero' };
}

function isConstant(node: ASTNode): boolean {
  return node.op !== 'id' && partsOf(node.args).every(isConstant);
}

function partsOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(partsOf);
  const isNode = typeof args === 'object' && args !== null && 'op' in args;
  return isNode ? [args as ASTNode] : [];
}
