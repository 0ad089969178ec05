/** How wide a character is, in points of a font of size 1. */
export type WidthOf = (character: string) => number;

const ASCII_WORD = /[\w.,:;%+\-/]/;

/**
 * Text in lines no wider than `width`: between words where there are any, between Han characters anywhere, and within a word
 * that is longer than a line. At most `linesMax`; the last one then ends with an ellipsis.
 */
export function wrapText(text: string, widthOf: WidthOf, width: number, linesMax = 8): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const part of partsOf(text)) {
    const size = measure(part, widthOf);
    if (used + size <= width) {
      line += part;
      used += size;
      continue;
    }
    if (line.trim() !== '' && size <= width) {
      lines.push(line.trimEnd());
      line = part.trimStart();
      used = measure(line, widthOf);
      continue;
    }
    for (const character of part) {
      const own = widthOf(character);
      if (used + own > width && line !== '') {
        lines.push(line.trimEnd());
        line = '';
        used = 0;
      }
      line += character;
      used += own;
    }
  }
  lines.push(line.trimEnd());
  if (lines.length <= linesMax) return lines;
  const kept = lines.slice(0, linesMax);
  const last = [...(kept.at(-1) ?? '')];
  while (last.length > 0 && measure(`${last.join('')}…`, widthOf) > width) last.pop();
  kept[linesMax - 1] = `${last.join('')}…`;
  return kept;
}

export function measure(text: string, widthOf: WidthOf): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Words, spaces and single characters: where a line may end. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let word = '';
  for (const character of text) {
    if (ASCII_WORD.test(character)) {
      word += character;
      continue;
    }
    if (word !== '') parts.push(word);
    word = '';
    parts.push(character);
  }
  if (word !== '') parts.push(word);
  return parts;
}

/**
 * The widths of columns in a table `width` wide. `wanted` is what each would need for its widest cell, `least` what it cannot do
 * with less of; what is missing is taken from those that can wrap, the most from the widest.
 */
export function shareWidth(
  width: number,
  wanted: readonly number[],
  least: readonly number[],
): number[] {
  const all = sum(wanted);
  if (all <= width) {
    const spare = (width - all) / Math.max(1, wanted.length);
    return wanted.map((each) => each + spare);
  }
  const low = sum(least);
  // Nothing helps a table whose figures alone are wider than the page: everything gets narrower alike.
  if (low >= width) return least.map((each) => (each * width) / low);
  const share = (width - low) / (all - low);
  return wanted.map((each, index) => {
    const bottom = least[index] ?? 0;
    return bottom + (each - bottom) * share;
  });
}

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
