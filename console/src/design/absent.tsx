import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';

const words = wordsOf({
  zh: {
    notHere: '这里没有内容',
    notHereWhy: '地址可能写错了，或者它不属于您能看到的范围。',
    notYours: '您的角色不能查看这个页面',
    notYoursWhy: '这由平台的权限决定。如果工作需要，请联系贵方的管理员调整角色。',
    home: '回到总览',
  },
  en: {
    notHere: 'There is nothing here',
    notHereWhy: 'The address may be wrong, or what it names is not within your reach.',
    notYours: 'Your role does not open this page',
    notYoursWhy: 'The API decides by your role. If your work needs it, ask your administrator.',
    home: 'Back to the overview',
  },
});

/** An address without a page, or of something that is not there for this person: which of the two, nobody is told. */
export function NotHere({ isPage = false }: { readonly isPage?: boolean }) {
  const t = useWords(words);
  return (
    <Empty isPage={isPage} title={t.notHere} action={<Link href="~/console/">{t.home}</Link>}>
      {t.notHereWhy}
    </Empty>
  );
}

export function NotYours({ isPage = false }: { readonly isPage?: boolean }) {
  const t = useWords(words);
  return (
    <Empty isPage={isPage} title={t.notYours} action={<Link href="~/console/">{t.home}</Link>}>
      {t.notYoursWhy}
    </Empty>
  );
}
