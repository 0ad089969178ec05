/**
 * The look of Hongmi in one place: every page takes its colours, type and spacing from here. The red is that of red rice;
 * what is green is green behaviour, never success alone.
 *
 * Text colours have a contrast of at least 4.5 to 1 on `page` and `surface` (WCAG 2.2, 1.4.3); tokens.test.ts works it out.
 */
export interface Palette {
  /** Behind everything. */
  readonly page: string;
  /** Cards, tables, the navigation. */
  readonly surface: string;
  /** What lies on a surface: hovered rows, code, inset areas. */
  readonly inset: string;
  readonly line: string;
  readonly text: string;
  readonly textSoft: string;
  readonly brand: string;
  readonly brandStrong: string;
  readonly brandSoft: string;
  /** On a filled brand area. */
  readonly onBrand: string;
  readonly green: string;
  readonly greenSoft: string;
  readonly warn: string;
  readonly warnSoft: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly info: string;
  readonly infoSoft: string;
  /** Series of charts, told apart by lightness too. */
  readonly series: readonly string[];
}

export const LIGHT: Palette = {
  page: '#f7f4f0',
  surface: '#ffffff',
  inset: '#f4efe9',
  line: '#e6ded5',
  text: '#231d1a',
  textSoft: '#6a5f57',
  brand: '#b3312b',
  brandStrong: '#8f231f',
  brandSoft: '#fbeae6',
  onBrand: '#ffffff',
  green: '#256b4b',
  greenSoft: '#e4f2ea',
  warn: '#8a5300',
  warnSoft: '#fdf1dc',
  bad: '#b42318',
  badSoft: '#fdecea',
  info: '#2c5a8c',
  infoSoft: '#e6eff9',
  series: ['#b3312b', '#2f7d5b', '#c98a1b', '#3c6ea5', '#7a4a8c', '#5d6b70', '#d9775a', '#86a83b'],
};

export const DARK: Palette = {
  page: '#151210',
  surface: '#1f1b18',
  inset: '#292420',
  line: '#3a332d',
  text: '#f2ece6',
  textSoft: '#b5a89d',
  brand: '#f0897e',
  brandStrong: '#f6a79e',
  brandSoft: '#3d211d',
  onBrand: '#2a0f0c',
  green: '#7cc9a0',
  greenSoft: '#1b3327',
  warn: '#e6b562',
  warnSoft: '#3a2c12',
  bad: '#ff9a8f',
  badSoft: '#451d19',
  info: '#93bdea',
  infoSoft: '#1b2c40',
  series: ['#f0897e', '#7cc9a0', '#e6b562', '#93bdea', '#c59ad6', '#a9b4b8', '#f3b49f', '#bfd97f'],
};

export const FONT =
  '-apple-system, BlinkMacSystemFont, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", "Segoe UI", "Helvetica Neue", sans-serif';
export const FONT_MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans SC", monospace';

/** Corners in px: of controls, and of what holds them. */
export const RADIUS = { control: 8, card: 12 } as const;

export type Scheme = 'light' | 'dark';

export const paletteOf = (scheme: Scheme): Palette => (scheme === 'dark' ? DARK : LIGHT);

/** The palette as CSS custom properties, `--hm-page` and so on. */
export function customProperties(scheme: Scheme): [name: string, value: string][] {
  const { series, ...colours } = paletteOf(scheme);
  const named = Object.entries(colours).map(([name, value]): [string, string] => [
    `--hm-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  return [
    ...named,
    ...series.map((value, place): [string, string] => [`--hm-series-${place}`, value]),
  ];
}
