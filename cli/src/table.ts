// What terminals show in two columns: Han, Kana, Hangul, full-width forms, emoji.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** The columns a text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Text without control characters, which a terminal would obey. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Rows under their titles, aligned also where characters are wide. Ends with a line feed. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(harmless));
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  const lines = cells.map((row) =>
    columns
      .map(({ align }, index) => {
        const cell = row[index] ?? '';
        const space = ' '.repeat((widths[index] ?? 0) - displayWidth(cell));
        return align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Names and values, one pair a line; values that are numbers line up at their ends. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  const names = Math.max(...pairs.map(([name]) => displayWidth(name)));
  const lines = pairs.map(([name, value]) => {
    return `${harmless(name)}${' '.repeat(names - displayWidth(name))}  ${harmless(value)}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

/** 8,902,670 */
export function count(value: number | bigint): string {
  return value.toLocaleString('en');
}

/** An instant as people read it: the minute, in the time of their machine. */
export function moment(instant: string): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
