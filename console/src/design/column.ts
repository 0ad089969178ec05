import type { ReactNode } from 'react';

/** A page of a list, as the API gives it. */
export interface PageOf<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  /** What is exported, and sorted by, where it is not to be left out: text, or a number as it is. */
  readonly value?: (row: Row) => string | number | null;
  /** Sorts what is loaded. */
  readonly sortable?: boolean;
  /** Numbers stand at the right. */
  readonly align?: 'right';
  readonly width?: number | string;
}
