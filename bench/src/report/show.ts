import { type Check, isMet, type Unit } from '../outcome.ts';

/** A figure as people read it: 57 %, 3.42 ×, 18.3 ms, 21,400 /s. */
export function showFigure(value: number, unit: Unit): string {
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(0)} %`;
    case 'times':
      return `${value.toFixed(2)} ×`;
    case 'µs':
      return `${value.toFixed(1)} µs`;
    case 'count':
      return value.toFixed(0);
    case 'ms':
      return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
    case 's':
      return `${value.toFixed(1)} s`;
    case 'MB':
      return `${value.toFixed(0)} MB`;
    case 'per second':
      return `${Math.round(value).toLocaleString('en')} /s`;
  }
}

/** What was promised: `≥ 45 % (aim 60 %)`; empty when nothing was. */
export function showTarget({ atLeast, atMost, aim, unit }: Check): string {
  const bound = atLeast ?? atMost;
  if (bound === undefined) return '';
  const hoped = aim === undefined ? '' : ` (aim ${showFigure(aim, unit)})`;
  return `${atLeast === undefined ? '≤' : '≥'} ${showFigure(bound, unit)}${hoped}`;
}

export function showVerdict(check: Check): string {
  if (showTarget(check) === '') return '';
  return isMet(check) ? 'met' : 'missed';
}

/** Lines of a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
