/** A receipt as plain text, line by line, as it is saved: what is not known is left out. With a mark by which old readers know UTF-8. */
export function receiptText(
  title: string,
  rows: readonly (readonly [string, string | undefined])[],
): string {
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `\uFEFF${[title, '', ...lines, ''].join('\r\n')}`;
}
