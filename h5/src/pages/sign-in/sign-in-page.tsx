import { Brand } from '@hongmi/ui/brand.tsx';
import { setConnection } from '@hongmi/ui/connection.ts';
import { language, useLanguage, useWords } from '@hongmi/ui/language.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useEffect } from 'react';
import { useLocation, useSearch } from 'wouter';
import { fetchPagesAt } from '../../app/areas.ts';
import { SignInForm } from './sign-in-form.tsx';
import { words } from './words.ts';
import './sign-in.css';

/** For who is not signed in. `?back=` is where they wanted to go, `?join=` the programme that a link or a poster asks them into, `?from=` whose invitation it is. */
export default function SignInPage() {
  const t = useWords(words);
  const spoken = useLanguage();
  const asked = new URLSearchParams(useSearch());
  const join = asked.get('join') ?? undefined;
  const from = codeOf(asked.get('from'));
  const back = pathWithin(asked.get('back'));
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = t.title;
    // While the code is on its way.
    fetchPagesAt(back);
  }, [t.title, back]);
  return (
    <main className="hm-sign-in">
      <Button
        className="hm-sign-in-language"
        size="small"
        fill="none"
        onClick={() => language.set(spoken === 'zh' ? 'en' : 'zh')}
      >
        <span lang={spoken === 'zh' ? 'en' : 'zh-CN'}>{t.language}</span>
      </Button>
      <Brand title={join === undefined ? t.title : t.joinTitle}>
        <p className="hm-soft">
          {join === undefined ? t.about : from === undefined ? t.joinAbout : t.invitedAbout}
        </p>
      </Brand>
      <SignInForm
        join={join}
        invitation={from}
        done={() => {
          // Nothing of who was signed in before stays.
          queries.clear();
          setConnection({ needsSignIn: false });
          navigate(back, { replace: true });
        }}
      />
    </main>
  );
}

/** What may be the code of an invitation: a link that was cut off keeps nobody from joining. */
function codeOf(text: string | null): string | undefined {
  return text !== null && /^[0-9a-z]{1,32}$/i.test(text) ? text : undefined;
}

/** An address of these pages, and nowhere else, whatever a link says. */
function pathWithin(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}
