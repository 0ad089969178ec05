import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import { fetchedLater } from '@hongmi/ui/later.ts';
import { type ComponentType, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotHere, NotYours } from '../design/absent.tsx';
import { FailureShown } from '../design/failure-shown.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { AREA_PAGES } from './area-pages.ts';
import { AREAS } from './areas.ts';
import { useSession } from './session.ts';

const Account = fetchedLater(() => import('../pages/account/account-page.tsx'));

/** The pages of the area that the address names. */
export function Content() {
  const { scopes, secondFactor } = useSession();
  const own = new Set<string>(scopes);
  // Until it is set up the API does nothing else for them.
  if (secondFactor.missing) return <Page page={Account} />;
  return (
    <Switch>
      <Route path="/account">
        <Page page={Account} />
      </Route>
      {AREAS.map((area) => {
        const mayEnter = area.scopes.length === 0 || area.scopes.some((each) => own.has(each));
        return (
          <Route key={area.path} path={area.path} nest={area.path !== '/'}>
            {mayEnter ? <Page key={area.path} page={AREA_PAGES[area.name]} /> : <NotYours isPage />}
          </Route>
        );
      })}
      <Route>
        <NotHere isPage />
      </Route>
    </Switch>
  );
}

function Page({ page: Page }: { readonly page: ComponentType }) {
  return (
    <ErrorBoundary shown={(failure, retry) => <FailureShown failure={failure} retry={retry} />}>
      <Suspense fallback={<Skeleton />}>
        <Page />
      </Suspense>
    </ErrorBoundary>
  );
}
