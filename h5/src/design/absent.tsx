import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';

const words = wordsOf({
  zh: { title: '这里没有内容', why: '地址可能写错了，或者它不属于您。', home: '回到首页' },
  en: {
    title: 'There is nothing here',
    why: 'The address may be wrong, or what it names is not yours.',
    home: 'Back to the start',
  },
});

/** An address without a page. */
export function NotHere() {
  const t = useWords(words);
  return (
    <Empty isPage title={t.title} action={<Link href="~/m/">{t.home}</Link>}>
      {t.why}
    </Empty>
  );
}
