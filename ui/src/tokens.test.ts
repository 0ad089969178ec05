import { describe, expect, test } from 'vitest';
import { DARK, LIGHT, type Palette } from './tokens.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const ON: [keyof Palette, (keyof Palette)[]][] = [
  ['text', ['page', 'surface', 'inset', 'brandSoft']],
  ['textSoft', ['page', 'surface', 'inset']],
  ['brand', ['page', 'surface', 'brandSoft']],
  ['onBrand', ['brand', 'brandStrong']],
  ['green', ['surface', 'greenSoft']],
  ['warn', ['surface', 'warnSoft']],
  ['bad', ['surface', 'badSoft']],
  ['info', ['surface', 'infoSoft']],
];

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
] as const)('in the %s palette', (_, palette) => {
  test.each(ON)('%s can be read on what it stands on', (text, grounds) => {
    for (const ground of grounds)
      expect(contrast(palette[text] as string, palette[ground] as string)).toBeGreaterThanOrEqual(
        4.5,
      );
  });
});
