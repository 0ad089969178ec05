import { hongmi } from '../../app/api.ts';
import type { Family } from '../../publishing/family.ts';
import type { RuleBody } from './body-values.ts';
import type { Rule } from './rule.ts';

export const rules: Family<RuleBody, Rule> = {
  one: 'rule',
  scopes: 'rules',
  list: hongmi.listRules,
  get: hongmi.getRule,
  create: hongmi.createRule,
  saveDraft: hongmi.saveRuleDraft,
  dropDraft: hongmi.dropRuleDraft,
  publish: hongmi.publishRule,
  retire: hongmi.retireRule,
  versions: hongmi.listRuleVersions,
  changes: hongmi.listRuleChanges,
};
