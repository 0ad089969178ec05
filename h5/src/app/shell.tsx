import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { Suspense, useEffect, useRef } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { NotHere } from '../design/absent.tsx';
import { TabIcon } from '../design/icons.tsx';
import { useSecretReady } from './code-secret.ts';
import { takeGoingBack } from './history.ts';
import { OfflineNotice } from './offline-notice.tsx';
import { PAGES } from './pages.ts';
import { TABS, tabAt, tabWords } from './tabs.ts';
import { useToUseReady } from './to-use.ts';

/** Pages, the notice that the network is away, and on the pages of the bar the bar. */
export function Shell() {
  const [path] = useLocation();
  useSecretReady();
  useToUseReady();
  const content = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every page
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    // A page that is new begins at its top, for eyes and for screen readers; of one that was left the browser knows the place.
    if (!takeGoingBack()) scrollTo(0, 0);
    content.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="hm-shell" data-bar={tabAt(path) !== undefined}>
      <OfflineNotice />
      <main ref={content} tabIndex={-1} className="hm-page">
        <ErrorBoundary
          key={path}
          shown={(failure, retry) => <FailureShown failure={failure} retry={retry} />}
        >
          <Suspense fallback={<Skeleton rows={6} />}>
            <Switch>
              {PAGES.map(({ path, pages: Pages }) => (
                <Route key={path} path={path} nest={path !== '/'}>
                  <Pages />
                </Route>
              ))}
              <Route>
                <NotHere />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <TabBar />
    </div>
  );
}

function TabBar() {
  const t = useWords(tabWords);
  const [path] = useLocation();
  const here = tabAt(path);
  if (here === undefined) return null;
  return (
    <nav className="hm-bar" aria-label={t.navigation}>
      {TABS.map(({ name, path }) => (
        <Link
          key={name}
          href={path}
          replace={name !== 'home' && here !== 'home'}
          aria-current={name === here ? 'page' : undefined}
        >
          <TabIcon name={name} />
          <span>{t[name]}</span>
        </Link>
      ))}
    </nav>
  );
}
