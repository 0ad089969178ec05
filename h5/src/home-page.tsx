import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Mark } from '@hongmi/ui/logo.tsx';

const words = wordsOf({ zh: { title: '红米好物' }, en: { title: 'Hongmi' } });

export function HomePage() {
  const t = useWords(words);
  return (
    <main className="hm-empty">
      <Mark size={48} />
      <h1>{t.title}</h1>
    </main>
  );
}
