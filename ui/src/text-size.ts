import { createPreference } from './preference.ts';

/** How much larger than usual the text is: everything that is measured in rem grows with it. */
export const TEXT_SIZES = ['1', '1.25', '1.5'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export const textSize = createPreference<TextSize>('text-size', TEXT_SIZES, () => '1');

/** What Apple's body style measures, in px, when nobody has asked the system for larger text. */
const APPLE_BODY_PX = 17;

/**
 * By how much the system asks for larger text. Browsers of Android change the size of `100%` by themselves; those of Apple leave it,
 * and tell only by the size of their own text style.
 */
function systemFactor(): number {
  if (!CSS.supports('font', '-apple-system-body')) return 1;
  const probe = document.createElement('span');
  probe.style.font = '-apple-system-body';
  document.body.append(probe);
  const px = Number.parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  // A computer's body style is 13 px, which asks for nothing.
  return Number.isFinite(px) ? Math.max(1, px / APPLE_BODY_PX) : 1;
}

export function applyTextSize(size: TextSize): void {
  document.documentElement.style.fontSize = `${Math.round(Number(size) * systemFactor() * 100)}%`;
}
