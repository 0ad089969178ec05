// Spreadsheets run a cell that begins like this, whoever wrote it (OWASP: CSV injection).
const FORMULA = /^[=+\-@\t\r]/;
const ARMED = /^'+[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** A cell that no spreadsheet takes for a formula: an apostrophe goes in front. {@link disarm} takes it off again. */
export function arm(cell: string): string {
  // Letters and digits begin nearly every cell.
  if (cell === '' || cell.charCodeAt(0) > 0x40) return cell;
  if (ARMED.test(cell) || (FORMULA.test(cell) && !PLAIN_NUMBER.test(cell))) return `'${cell}`;
  return cell;
}

/** The cell as it was before {@link arm}. */
export function disarm(cell: string): string {
  return ARMED.test(cell) ? cell.slice(1) : cell;
}
