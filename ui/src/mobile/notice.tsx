import type { ReactNode } from 'react';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

/** Something the reader has to know, where it matters. What is wrong is read aloud at once. */
export function Notice({
  tone = 'info',
  title,
  children,
  action,
}: {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="hm-notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <strong>{title}</strong>
      {children === undefined ? null : <div>{children}</div>}
      {action}
    </div>
  );
}
