import { explanationText } from '../explanation.ts';
import { type Language, type Say, word } from '../messages.ts';
import { count, facts, table } from '../table.ts';
import { type Figure, isMet, type Played, type Reason, type Scenario } from './scenario.ts';

/** A scenario and what came of it, for people. */
export function playedText(
  { id, title, story, note }: Scenario,
  { figures, reasons }: Played,
  language: Language,
  say: Say,
): string {
  const columns = [
    { title: say('column_figure') },
    { title: say('column_expected'), align: 'right' as const },
    { title: say('column_found'), align: 'right' as const },
    { title: '' },
  ];
  const rows = figures.map((figure) => [
    figure.name[language],
    valueText(figure.expected),
    valueText(figure.found),
    isMet(figure) ? '✓' : `✗ ${say('scenario_different')}`,
  ]);
  const told = reasons.map((reason) => reasonText(reason, language, say));
  return `${id} ${title[language]}\n${story[language]}\n\n${table(columns, rows)}\n${told.join('\n')}\n${say('scenario_note', { note: note[language] })}\n`;
}

function valueText(value: Figure['found']): string {
  return typeof value === 'number' ? count(value) : value;
}

function reasonText({ about, explanation, trail }: Reason, language: Language, say: Say): string {
  const title = `${say('scenario_why', { about: about[language] })}\n`;
  const steps = trail?.steps.map(({ at, entry, points, remaining }): [string, string] => [
    `  ${at.slice(0, 10)} ${word(say, 'entry', entry)}`,
    `${count(points)} → ${count(remaining)}`,
  ]);
  return `${title}${explanationText(explanation, say)}${steps === undefined ? '' : facts(steps)}`;
}

/** The same for programs. */
export function playedJson({ id, title, story, note }: Scenario, { figures, reasons }: Played) {
  return {
    id,
    title,
    story,
    note,
    figures: figures.map((figure) => ({ ...figure, asExpected: isMet(figure) })),
    reasons,
  };
}
