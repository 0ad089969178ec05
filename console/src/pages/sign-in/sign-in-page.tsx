import { Brand } from '@hongmi/ui/brand.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { Card } from '../../design/page.tsx';
import { SignInForm } from './sign-in-form.tsx';

const words = wordsOf({
  zh: { title: '登录红米好物控制台' },
  en: { title: 'Sign in to the Hongmi console' },
});

export default function SignInPage() {
  const t = useWords(words);
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  // Only ever within the console: an address from outside must not lead away.
  const back = params.get('back');
  const target = back?.startsWith('/') && !back.startsWith('//') ? back : '/';
  return (
    <main className="hm-door">
      <Brand title={t.title} />
      <Card>
        <SignInForm
          then={() => {
            // Nothing of who was signed in before stays, nor that nobody was.
            queries.clear();
            navigate(target, { replace: true });
          }}
        />
      </Card>
    </main>
  );
}
