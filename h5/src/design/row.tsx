import { RightOutline } from 'antd-mobile-icons';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** Rows of a card, one below the other. */
export function Rows({
  label,
  children,
}: {
  readonly label?: string;
  readonly children: ReactNode;
}) {
  return (
    <ul className="hm-rows" aria-label={label}>
      {children}
    </ul>
  );
}

interface RowParts {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  /** At the right: what it comes to. */
  readonly value?: ReactNode;
  readonly icon?: ReactNode;
}

/** What is told in a line or two; with an address it leads on. */
export function Row({ href, ...parts }: RowParts & { readonly href?: string }) {
  return (
    <li>
      {href === undefined ? (
        <div className="hm-row">
          <Parts {...parts} />
        </div>
      ) : (
        <Link className="hm-row" href={href}>
          <Parts {...parts} />
          <RightOutline aria-hidden className="hm-row-on" />
        </Link>
      )}
    </li>
  );
}

/** A row that does something where it stands. */
export function ButtonRow({
  onClick,
  expanded,
  ...parts
}: RowParts & { readonly onClick: () => void; readonly expanded?: boolean }) {
  return (
    <button type="button" className="hm-row" onClick={onClick} aria-expanded={expanded}>
      <Parts {...parts} />
    </button>
  );
}

function Parts({ title, about, value, icon }: RowParts) {
  return (
    <>
      {icon === undefined ? null : <span className="hm-row-icon">{icon}</span>}
      <span className="hm-row-text">
        <span>{title}</span>
        {about === undefined ? null : <span className="hm-row-about">{about}</span>}
      </span>
      {value === undefined ? null : <span className="hm-row-value">{value}</span>}
    </>
  );
}
