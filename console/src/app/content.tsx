import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { NotHere, NotYours } from '../design/absent.tsx';
import { FailureShown } from '../design/failure-shown.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { AREA_PAGES, fetchedPages } from './area-pages.ts';
import { AREAS, type Area } from './areas.ts';
import { useSession } from './session.ts';

const Account = lazy(() => import('../pages/account/account-page.tsx'));
const PAGES = Object.fromEntries(
  Object.entries(AREA_PAGES).map(([name, load]) => [name, lazy(load)]),
) as Readonly<Record<Area['name'], LazyExoticComponent<ComponentType>>>;

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
            {mayEnter ? <AreaPages key={area.path} name={area.name} /> : <NotYours isPage />}
          </Route>
        );
      })}
      <Route>
        <NotHere isPage />
      </Route>
    </Switch>
  );
}

function AreaPages({ name }: { readonly name: Area['name'] }) {
  // One or the other for as long as they are shown: to React they are two.
  const [page] = useState(() => ({ is: fetchedPages(name) ?? PAGES[name] }));
  return <Page page={page.is} />;
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
