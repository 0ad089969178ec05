import { Qr } from '@hongmi/ui/qr.tsx';
import type { ReactNode } from 'react';
import './code-card.css';

/** What a till scans, and the same to be read aloud, group by group. */
export function CodeCard({
  text,
  label,
  groups,
  groupsLabel,
  children,
}: {
  /** What the picture says. */
  readonly text: string;
  readonly label: string;
  readonly groups: readonly string[];
  readonly groupsLabel: string;
  readonly children?: ReactNode;
}) {
  return (
    <section className="hm-code-card">
      <Qr text={text} label={label} />
      <p className="hm-code-digits" role="img" aria-label={`${groupsLabel} ${groups.join(' ')}`}>
        {groups.map((group, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
          <span key={place}>{group}</span>
        ))}
      </p>
      {children}
    </section>
  );
}
