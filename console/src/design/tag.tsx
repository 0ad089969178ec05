import type { ReactNode } from 'react';

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info' | 'brand';

/** A state in a word. The word says it; the colour only helps. */
export function Tag({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span className="hm-tag" data-tone={tone}>
      {children}
    </span>
  );
}
