import type { Instant } from '../../kernel/clock.ts';

/** In what words and signs a paper is written. */
export type PaperLanguage = 'zh-CN' | 'en';
export const PAPER_LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly PaperLanguage[];

/**
 * What the cells of a column are, and what a renderer gets of them:
 *
 * - `text`: a string; what a spreadsheet would take for a formula is made harmless
 * - `id`: a string that stays text, however much it looks like a number
 * - `points`: an integer, or {@link ScaledPoints} of a point type with decimals
 * - `fen`: an integer in fen, as it is paid; shown in yuan with two decimals
 * - `microFen`: an integer in millionths of a fen: a price per point, or an amount that is not rounded; shown in yuan with
 *   as many decimals as it has, at least two and at most eight
 * - `instant`: shown in the paper's time zone, to the second
 *
 * null is an empty cell in all of them.
 */
export type ColumnKind = 'text' | 'id' | 'points' | 'fen' | 'microFen' | 'instant';

/** Points as the ledger has them, shown with `scale` decimals. */
export interface ScaledPoints {
  readonly points: number | bigint;
  readonly scale: number;
}

export type Cell = string | number | bigint | ScaledPoints | null;
export type Row = readonly Cell[];

export interface PaperColumn {
  readonly title: string;
  readonly kind: ColumnKind;
}

export interface PaperTable {
  readonly title: string;
  /** Said beneath the title, in small print. */
  readonly note?: string;
  readonly columns: readonly PaperColumn[];
  /** Read once, in order, a few at a time. */
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
  /** Beneath the rows, in bold. */
  readonly totals?: readonly Row[];
}

/** A name and what it is; `isMain`: one of the few figures somebody looks for first. */
export interface PaperFact {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly value: Cell;
  readonly isMain?: boolean;
}

/**
 * What a paper says, whatever it is rendered to. The same paper always becomes the same bytes: nothing in it is of the
 * moment in which it is rendered.
 */
export interface Paper {
  readonly language: PaperLanguage;
  readonly title: string;
  /** Whose it is and about when, beneath the title. */
  readonly subtitle: string;
  /** The end of what it is about: the time that the files themselves say they were made at. */
  readonly at: Instant;
  /** An IANA name. */
  readonly timeZone: string;
  readonly facts: readonly PaperFact[];
  readonly tables: readonly PaperTable[];
  readonly notes: readonly string[];
}

/** True for columns whose cells line up at their ends. */
export function isFigure(kind: ColumnKind): boolean {
  return kind === 'points' || kind === 'fen' || kind === 'microFen';
}
