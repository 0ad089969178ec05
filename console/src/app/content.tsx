import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotHere, NotYours } from '../design/absent.tsx';
import { ErrorBoundary } from '../design/error-boundary.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { AREAS, type Area } from './areas.ts';
import { useSession } from './session.ts';

const Account = lazy(() => import('../pages/account/account-page.tsx'));
/**
 * The pages of each area, fetched when somebody goes there: a page, or a small router of pages (wouter's nested `Route`s, relative to
 * the area's path).
 */
const PAGES: Readonly<Record<Area['name'], LazyExoticComponent<ComponentType>>> = {
  dashboard: lazy(() => import('../pages/dashboard/area.tsx')),
  members: lazy(() => import('../pages/members/area.tsx')),
  adjustments: lazy(() => import('../pages/adjustments/area.tsx')),
  afterSales: lazy(() => import('../pages/after-sales/area.tsx')),
  rules: lazy(() => import('../pages/rules/area.tsx')),
  rewards: lazy(() => import('../pages/rewards/area.tsx')),
  campaigns: lazy(() => import('../pages/campaigns/area.tsx')),
  clearing: lazy(() => import('../pages/clearing/area.tsx')),
  books: lazy(() => import('../pages/books/area.tsx')),
  reconcile: lazy(() => import('../pages/reconcile/area.tsx')),
  ledger: lazy(() => import('../pages/ledger/area.tsx')),
  dossiers: lazy(() => import('../pages/dossiers/area.tsx')),
  merchants: lazy(() => import('../pages/merchants/area.tsx')),
  staff: lazy(() => import('../pages/staff/area.tsx')),
  keys: lazy(() => import('../pages/keys/area.tsx')),
  audit: lazy(() => import('../pages/audit/area.tsx')),
  settings: lazy(() => import('../pages/settings/area.tsx')),
};

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
            {mayEnter ? <Page key={area.path} page={PAGES[area.name]} /> : <NotYours isPage />}
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
