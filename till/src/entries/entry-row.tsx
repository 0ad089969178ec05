import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import type { ReactNode } from 'react';
import { useTill } from '../app/till.ts';
import type { Entry } from '../queue/entry.ts';
import { useEntryShown } from './entry-shown.ts';

const words = wordsOf({
  zh: { waiting: '等待入账', booked: '已入账', refused: '未能入账' },
  en: { waiting: 'Waiting', booked: 'Booked', refused: 'Not booked' },
});
const TONES = { booked: 'good', waiting: 'warn', refused: 'bad' } as const;

/** One entry in a list: what it was, when, and how far it is; what can be done about it below. */
export function EntryRow({
  entry,
  children,
}: {
  readonly entry: Entry;
  readonly children?: ReactNode;
}) {
  const t = useWords(words);
  const f = useFormat();
  const { shop } = useTill();
  const { what, number, figure } = useEntryShown()(entry);
  return (
    <li className="till-entry">
      <div className="till-entry-head">
        <strong>{what}</strong>
        <span className="hm-number">{figure}</span>
      </div>
      <div className="till-entry-head hm-soft">
        <span>
          <time dateTime={entry.at}>{f.instant(entry.at, shop.timeZone)}</time>{' '}
          {number === undefined ? null : <span className="hm-code">{number}</span>}
        </span>
        <span data-tone={TONES[entry.state]} className="till-state">
          {t[entry.state]}
        </span>
      </div>
      {entry.shown === null ? null : <p className="hm-soft hm-number">{entry.shown}</p>}
      {children}
    </li>
  );
}
