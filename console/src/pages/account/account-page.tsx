import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useSession } from '../../app/session.ts';
import { Card, Facts, Page } from '../../design/page.tsx';

const words = wordsOf({
  zh: { title: '账号与安全', name: '姓名' },
  en: { title: 'Account and security', name: 'Name' },
});

export default function AccountPage() {
  const t = useWords(words);
  const session = useSession();
  return (
    <Page title={t.title}>
      <Card>
        <Facts rows={[[t.name, session.staff?.name]]} />
      </Card>
    </Page>
  );
}
