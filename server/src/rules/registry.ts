import { openRegistry, type Registry } from '../platform/publishing/registry.ts';
import { compileRules, type RuleBook } from './compile.ts';
import { type RuleBody, ruleVersionOf } from './rule.ts';

/** The published rules of all programmes, compiled and in memory. */
export type RuleRegistry = Registry<RuleBook>;

/** Reads the rules of all programmes, and keeps reading them until closed; `onError` hears of a refresh that failed. */
export function openRuleRegistry(
  options: Pick<Parameters<typeof openRegistry>[0], 'pool' | 'clock' | 'onError'>,
): Promise<RuleRegistry> {
  return openRegistry<RuleBody, RuleBook>({
    ...options,
    family: 'rule',
    compile: (versions) => compileRules(versions.map(ruleVersionOf)),
  });
}
