import type { ReactNode } from 'react';
import { When } from './values.tsx';
import './timeline.css';

export interface Event {
  readonly key: string;
  readonly at: string;
  readonly title: ReactNode;
  readonly note?: ReactNode;
}

/** What happened, in its order; the last is how it stands. */
export function Timeline({ events }: { readonly events: readonly Event[] }) {
  return (
    <ol className="hm-timeline">
      {events.map(({ key, at, title, note }) => (
        <li key={key}>
          <div>{title}</div>
          {note === undefined || note === null ? null : <p>{note}</p>}
          <p className="hm-soft">
            <When at={at} />
          </p>
        </li>
      ))}
    </ol>
  );
}
