import { type Explained, explain } from '@hongmi/sdk/explanation';
import type { Say } from './messages.ts';
import { count, facts } from './table.ts';

export type { Explained } from '@hongmi/sdk/explanation';

const USUAL_POINT_TYPE = 'points';

/**
 * What every rule made of an order or activity, in words: a line for each, with what it gave and how, or with the first
 * condition that failed. Ends with why there was nothing, if so.
 */
export function explanationText(explained: Explained, say: Say): string {
  const { rules, nothing } = explain(explained, say);
  const gains = rules.map(({ fired, points, pointType }) => {
    // The point type stands where it is not the usual one.
    const type = pointType === undefined || pointType === USUAL_POINT_TYPE ? '' : ` ${pointType}`;
    return fired ? `+${count(points)}${type}` : '-';
  });
  const width = Math.max(0, ...gains.map(({ length }) => length));
  const rows = rules.map(({ name, code, why }, at): [string, string] => {
    const called = code === null ? name : `${name} (${code})`;
    return [`  ${(gains[at] ?? '').padStart(width)}  ${called}`, why];
  });
  const nothingSaid = nothing === null ? '' : `  ${say('explained_nothing', { why: nothing })}\n`;
  if (rows.length === 0) return nothingSaid === '' ? `${say('explained_no_rules')}\n` : nothingSaid;
  return `${facts(rows)}${nothingSaid}`;
}
