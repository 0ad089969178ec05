import type { ReactNode } from 'react';

/** Nothing is here, why, and what to do about it. `isPage`: it is all there is, so that its title is the page's heading. */
export function Empty({
  title,
  isPage = false,
  children,
  action,
}: {
  readonly title: string;
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="hm-empty">
      <svg width="72" height="56" viewBox="0 0 72 56" aria-hidden="true" focusable="false">
        <path d="M8 44h56" stroke="var(--hm-line)" strokeWidth="2" strokeLinecap="round" />
        <path
          d="M16 30c0 8 9 14 20 14s20-6 20-14Z"
          fill="var(--hm-inset)"
          stroke="var(--hm-line)"
          strokeWidth="2"
        />
        <ellipse
          cx="29"
          cy="24"
          rx="4"
          ry="8"
          transform="rotate(-24 29 24)"
          fill="var(--hm-brand)"
          opacity=".8"
        />
        <ellipse
          cx="42"
          cy="22"
          rx="3.6"
          ry="7"
          transform="rotate(22 42 22)"
          fill="var(--hm-brand)"
          opacity=".45"
        />
      </svg>
      {isPage ? <h1>{title}</h1> : <strong>{title}</strong>}
      {children === undefined ? null : <p>{children}</p>}
      {action}
    </div>
  );
}
