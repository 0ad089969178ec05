import type { ReactNode } from 'react';
import { Mark } from './logo.tsx';
import './brand.css';

/** At a door: whose pages these are and what they open, in the middle above what is asked. */
export function Brand({
  title,
  id,
  children,
}: {
  readonly title: string;
  /** Of the heading, for what it names. */
  readonly id?: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="hm-door-brand">
      <Mark size={56} />
      <h1 id={id}>{title}</h1>
      {children}
    </div>
  );
}
