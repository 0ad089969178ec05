import { useWords } from '@hongmi/ui/language.ts';
import type { Standing } from './standing.ts';
import { standingWords } from './standing-words.ts';

const TONES: Partial<Record<Standing, 'good' | 'warn' | 'bad'>> = {
  paying: 'warn',
  to_use: 'good',
  booked: 'good',
  sent: 'good',
  to_send: 'warn',
  refused: 'bad',
  undeliverable: 'bad',
};

/** How something stands, in a word. */
export function StandingTag({ standing }: { readonly standing: Standing }) {
  const t = useWords(standingWords);
  return (
    <span className="hm-tag" data-tone={TONES[standing]}>
      {t.tags[standing]}
    </span>
  );
}
