import { usage } from '../failure.ts';
import { compileDateFormat, type ReadDate } from './date-format.ts';
import { FIELDS, type FieldName, type Mapping } from './mapping.ts';

/** Columns that a rejects file has in front of the original ones; see rejects.ts. */
export const REJECT_COLUMNS = [
  'reject_line',
  'reject_reason',
  'reject_detail',
  'reject_source',
] as const;

/** Where the fields stand in a record, and how to read them. Indices are -1 for columns that are not there. */
export interface Layout {
  readonly columns: readonly string[];
  readonly at: Readonly<Record<FieldName, number>>;
  readonly readDate: ReadDate;
  readonly mapping: Mapping;
  /** The file is a rejects file: lines remember the file they came from, and formulas were disarmed. */
  readonly rejects: { readonly line: number; readonly source: number } | null;
}

/** Finds the mapped columns in a file's header, or fails. */
export function layOut(header: readonly string[], mapping: Mapping): Layout {
  const columns = header.map((column) => column.trim());
  const at = Object.fromEntries(Object.keys(FIELDS).map((field) => [field, -1])) as Record<
    FieldName,
    number
  >;
  for (const [field, column] of Object.entries(mapping.columns)) {
    const wanted = column.trim();
    const index = columns.indexOf(wanted);
    if (index === -1)
      throw usage('column_missing', {
        column: wanted,
        field,
        columns: columns.join(', ').slice(0, 300),
      });
    if (columns.includes(wanted, index + 1)) throw usage('column_twice', { column: wanted });
    at[field as FieldName] = index;
  }
  const readers = mapping.dateFormats.map((format) => {
    const reader = compileDateFormat(format, mapping.timeZone);
    if (typeof reader !== 'function') throw new Error('the mapping was not checked');
    return reader;
  });
  const readDate: ReadDate = (text) => {
    for (const read of readers) {
      const at = read(text);
      if (at !== undefined) return at;
    }
    return undefined;
  };
  const ours = REJECT_COLUMNS.every((column, index) => columns[index] === column);
  return { columns, at, readDate, mapping, rejects: ours ? { line: 0, source: 3 } : null };
}
