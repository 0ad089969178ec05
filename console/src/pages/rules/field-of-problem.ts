import type { FieldName } from '../../design/telling.ts';
import type { RuleValues } from './body-values.ts';

// Where the form calls something otherwise than the body does; what is below comes first.
const NAMED: readonly (readonly [pointer: RegExp, field: keyof RuleValues])[] = [
  [/^\/earn\/perFen/, 'perYuan'],
  [/^\/earn\/(num|den)/, 'times'],
  [/^\/earn\/(points|per)$/, 'points'],
  [/^\/earn/, 'earn'],
  [/^\/when\/hours\/to/, 'hoursTo'],
  [/^\/when\/hours/, 'hoursFrom'],
  [/^\/when\/orderFen\/max/, 'orderMaxYuan'],
  [/^\/when\/orderFen/, 'orderMinYuan'],
  [/^\/when\/lines\/minFen/, 'linesMinYuan'],
  [/^\/when\/lines\/minQuantity/, 'linesMinQuantity'],
  [/^\/when\/lines$/, 'categories'],
  [/^\/when\/member$/, 'tiers'],
  [/^\/terms\/expiry\/date/, 'expiryDate'],
  [/^\/terms\/expiry/, 'expiry'],
  [/^\/terms\/available/, 'onCompletion'],
];
const SAME =
  /^\/(?:when\/(?:lines\/|member\/)?)?(name|description|on|priority|group|merchants|merchantCategories|stores|channels|tenders|dates|weekdays|monthDays|skus|brands|categories|zones|green|tiers|creditBands|segments|firstOrder|birthday|joinedWithinDays|expression)(?:\/|$)/;
const TERM = /^\/terms\/(pointType|pendingDays|budget)(?:\/|$)/;
const LISTED = /^\/terms\/(caps|funders)\/(\d+)(?:\/(\w+))?/;

/** The field in which what is wrong stands: `/when/stores/1` in `stores`. Undefined where no field has it. */
export function fieldOfProblem(pointer: string): FieldName | undefined {
  const [, list, place, part] = LISTED.exec(pointer) ?? [];
  if (list !== undefined)
    return [list, Number(place), part ?? (list === 'caps' ? 'points' : 'merchant')];
  const named = NAMED.find(([each]) => each.test(pointer))?.[1];
  return named ?? ((SAME.exec(pointer) ?? TERM.exec(pointer))?.[1] as keyof RuleValues | undefined);
}
