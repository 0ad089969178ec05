import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Mark } from '@hongmi/ui/logo.tsx';

const words = wordsOf({ zh: { waiting: '正在载入' }, en: { waiting: 'Loading' } });

/** Before there is anything else to see. */
export function Waiting() {
  const t = useWords(words);
  return (
    <div role="status" aria-busy="true" className="hm-waiting">
      <Mark size={48} />
      <span className="hm-hidden">{t.waiting}</span>
    </div>
  );
}
