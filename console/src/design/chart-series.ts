/** What becomes a line or bars of a chart. */
interface Series {
  readonly key: string;
  readonly name: string;
  readonly kind: 'line' | 'bar';
  /** One for each category; null: nothing is known. */
  readonly values: readonly (number | null)[];
  /** Its colour, by its place among those of the palette. */
  readonly tone?: number;
}

export interface ChartProps {
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly categories: readonly { readonly key: string; readonly name: string }[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** As at an axis, where room is scarce. */
  readonly short: (value: number) => string;
  /** Pixels. */
  readonly height?: number;
}
