import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { LeftOutline } from 'antd-mobile-icons';
import { type ReactNode, useLayoutEffect } from 'react';
import { useLocation } from 'wouter';
import { goBackOr } from '../app/history.ts';
import { PullToRefresh } from './pull-to-refresh.tsx';

const words = wordsOf({
  zh: { back: '返回', app: '红米好物' },
  en: { back: 'Back', app: 'Hongmi' },
});

/**
 * A page: its heading, what it is about, and pulling it down to ask for it anew. `up`: the page above it, absolute (`~/m/me`), where
 * the way back leads for who came from elsewhere; the pages of the bar have none.
 */
export function Page({
  title,
  about,
  up,
  action,
  children,
}: {
  readonly title: string;
  readonly about?: string;
  readonly up?: string;
  /** One small thing at the right of the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  useLayoutEffect(() => {
    document.title = `${title} · ${t.app}`;
  }, [title, t.app]);
  return (
    <>
      <PullToRefresh />
      <header className="hm-head">
        {up === undefined ? null : <Back up={up} label={t.back} />}
        <h1>{title}</h1>
        {action}
      </header>
      {about === undefined ? null : <p className="hm-about">{about}</p>}
      {children}
    </>
  );
}

function Back({ up, label }: { readonly up: string; readonly label: string }) {
  const [, navigate] = useLocation();
  return (
    <button
      type="button"
      className="hm-icon-button"
      aria-label={label}
      onClick={() => goBackOr(() => navigate(up, { replace: true }))}
    >
      <LeftOutline aria-hidden />
    </button>
  );
}

/** Things that belong together, on a surface. `flush`: its rows reach its edges. */
export function Card({
  title,
  action,
  flush = false,
  children,
}: {
  readonly title?: string;
  readonly action?: ReactNode;
  readonly flush?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="hm-card" data-flush={flush}>
      {title === undefined ? null : (
        <div className="hm-card-head">
          <h2>{title}</h2>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
