import { MenuFoldOutlined, MenuUnfoldOutlined } from '@ant-design/icons';
import { probe, useConnection } from '@hongmi/ui/connection.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { fetchedLater } from '@hongmi/ui/later.ts';
import { Mark } from '@hongmi/ui/logo.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { OverPage } from '../design/over-page.tsx';
import { areaAt, areaWords } from './areas.ts';
import { Content } from './content.tsx';
import { Navigation } from './navigation.tsx';
import { useProofAsked } from './proof.ts';
import { useSignOut } from './sign-out.ts';
import { TopBar } from './top-bar.tsx';
import './shell.css';

const ProofDialog = fetchedLater(() => import('../pages/sign-in/proof-dialog.tsx'));
const SignInAgain = fetchedLater(() => import('../pages/sign-in/sign-in-again.tsx'));

const words = wordsOf({
  zh: {
    product: '红米好物',
    skip: '跳到正文',
    narrow: '收起导航',
    wide: '展开导航',
    stillIn: '还没有退出登录：没有收到服务器的回复。离开前请再试一次。',
    again: '再次退出',
    away: '暂时连不上服务器。已填写的内容都在，恢复后会自动继续。',
  },
  en: {
    product: 'Hongmi',
    skip: 'Skip to content',
    narrow: 'Collapse navigation',
    wide: 'Expand navigation',
    stillIn: 'You are still signed in: no answer came from the server. Try again before you leave.',
    again: 'Sign out again',
    away: 'The server cannot be reached. What you typed is kept; this page goes on by itself when it is back.',
  },
});

const NARROW_BELOW = 1100;

export function Shell() {
  const t = useWords(words);
  const names = useWords(areaWords);
  const [path] = useLocation();
  const { isReachable, needsSignIn } = useConnection();
  const signOut = useSignOut();
  const answerProof = useProofAsked();
  const queries = useQueryClient();
  const [isNarrow, setNarrow] = useState(() => innerWidth < NARROW_BELOW);

  useEffect(
    () => (isReachable ? undefined : probe(() => void queries.invalidateQueries())),
    [isReachable, queries],
  );
  const area = areaAt(path);
  useEffect(() => {
    document.title = `${area === undefined ? '' : `${names[area.name]} · `}${t.product}`;
  }, [area, names, t.product]);

  return (
    <div className="hm-shell" data-narrow={isNarrow}>
      <a className="hm-skip" href="#content">
        {t.skip}
      </a>
      <aside className="hm-side">
        <div className="hm-side-inside">
          <Link href="/" className="hm-brand" aria-label={t.product}>
            <Mark />
            <span>{t.product}</span>
          </Link>
          <Navigation isNarrow={isNarrow} />
        </div>
      </aside>
      <div>
        <header className="hm-top">
          <Button
            type="text"
            icon={isNarrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            aria-label={isNarrow ? t.wide : t.narrow}
            aria-expanded={!isNarrow}
            onClick={() => setNarrow(!isNarrow)}
          />
          <TopBar signOut={() => void signOut.send()} />
        </header>
        {isReachable ? null : (
          <div className="hm-notice" role="alert">
            {t.away}
          </div>
        )}
        {signOut.failure === undefined ? null : (
          <div className="hm-notice" role="alert">
            {t.stillIn}{' '}
            <Button size="small" loading={signOut.isSending} onClick={() => void signOut.send()}>
              {t.again}
            </Button>
          </div>
        )}
        <main className="hm-main" id="content" tabIndex={-1}>
          <Content />
        </main>
      </div>
      {needsSignIn ? (
        <OverPage>
          <SignInAgain />
        </OverPage>
      ) : null}
      {answerProof === undefined ? null : (
        <OverPage>
          <ProofDialog answer={answerProof} />
        </OverPage>
      )}
    </div>
  );
}
