import { useWords } from '@hongmi/ui/language.ts';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { words } from './words.ts';

/** What the API holds every merchant to (docs/rewards.md#after-sales). */
export function OurPromise() {
  const t = useWords(words);
  return <Notice title={t.promise}>{t.promiseAbout}</Notice>;
}
