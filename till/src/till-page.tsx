import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Mark } from '@hongmi/ui/logo.tsx';

const words = wordsOf({ zh: { title: '收银台' }, en: { title: 'Till' } });

export function TillPage() {
  const t = useWords(words);
  return (
    <main className="hm-empty">
      <Mark size={48} />
      <h1>{t.title}</h1>
    </main>
  );
}
