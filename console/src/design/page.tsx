import type { ReactNode } from 'react';

/** The head of a page: its only h1, what it is for, and what can be done here. `above`: where it stands, as a link back. */
export function Page({
  title,
  about,
  above,
  actions,
  children,
}: {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <>
      <div className="hm-head">
        <div className="hm-head-words">
          {above === undefined ? null : <div className="hm-soft">{above}</div>}
          <h1>{title}</h1>
          {about === undefined ? null : <p>{about}</p>}
        </div>
        {actions === undefined ? null : <div className="hm-actions">{actions}</div>}
      </div>
      <div className="hm-stack">{children}</div>
    </>
  );
}

/** A part of a page on a surface of its own. `flush`: what is inside (a table) reaches to its edges. */
export function Card({
  title,
  actions,
  flush = false,
  children,
}: {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly flush?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="hm-card">
      {title === undefined && actions === undefined ? null : (
        <div className="hm-card-head">
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      <div className="hm-card-body" data-flush={flush}>
        {children}
      </div>
    </section>
  );
}

/** A number that matters, its name, and what makes it mean something. */
export function Figure({
  name,
  value,
  more,
}: {
  readonly name: ReactNode;
  readonly value: ReactNode;
  readonly more?: ReactNode;
}) {
  return (
    <dl className="hm-card hm-figure" style={{ margin: 0 }}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {more === undefined ? null : <dd className="hm-figure-more">{more}</dd>}
    </dl>
  );
}

/** What is known of something, name by name. Rows without a value are left out. */
export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <dl className="hm-facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
