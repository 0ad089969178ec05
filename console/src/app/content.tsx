import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotHere, NotYours } from '../design/absent.tsx';
import { ErrorBoundary } from '../design/error-boundary.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { AREAS, type Area } from './areas.ts';
import { useSession } from './session.ts';

const Account = lazy(() => import('../pages/account/account-page.tsx'));
const pages = new Map<Area, LazyExoticComponent<ComponentType>>(
  AREAS.map((area) => [area, lazy(area.load)]),
);

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
        const page = pages.get(area) as LazyExoticComponent<ComponentType>;
        return (
          <Route key={area.path} path={area.path} nest={area.path !== '/'}>
            {mayEnter ? <Page key={area.path} page={page} /> : <NotYours isPage />}
          </Route>
        );
      })}
      <Route>
        <NotHere isPage />
      </Route>
    </Switch>
  );
}

function Page({ page: Page }: { readonly page: LazyExoticComponent<ComponentType> }) {
  return (
    <ErrorBoundary>
      <Suspense fallback={<Skeleton />}>
        <Page />
      </Suspense>
    </ErrorBoundary>
  );
}
