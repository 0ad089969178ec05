import { setConnection, useConnection } from '@hongmi/ui/connection.ts';
import { ErrorBoundary } from '@hongmi/ui/error-boundary.tsx';
import type { Failure } from '@hongmi/ui/failure.ts';
import { fetchedLater } from '@hongmi/ui/later.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { whyNothing } from '@hongmi/ui/mobile/loaded.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter';
import { useMeQuery } from './me.ts';
import { ProgrammeLookedAt } from './programme.ts';
import { Shell } from './shell.tsx';
import { Waiting } from './waiting.tsx';

const SignIn = fetchedLater(() => import('../pages/sign-in/sign-in-page.tsx'));
const SignInAgain = fetchedLater(() => import('../pages/sign-in/sign-in-again.tsx'));

/** The page for who is not signed in, and the way past it to all others. */
export function Gate() {
  return (
    <ErrorBoundary shown={(failure, retry) => <Alone failure={failure} retry={retry} />}>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/sign-in">
            <SignIn />
          </Route>
          <Route>
            <Inside />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

/** Why there is no page at all. */
function Alone({ failure, retry }: { readonly failure: Failure; readonly retry: () => void }) {
  return (
    <main className="hm-page">
      <FailureShown failure={failure} retry={retry} />
    </main>
  );
}

/** Who is not signed in is sent to sign in, and comes back to where they wanted to go. */
function Inside() {
  const [path] = useLocation();
  const search = useSearch();
  const queries = useQueryClient();
  const { needsSignIn } = useConnection();
  const query = useMeQuery();
  const { data, refetch } = query;
  if (data !== undefined)
    return (
      <>
        <ProgrammeLookedAt>
          {/* What somebody typed is nobody else's. */}
          <Shell key={data.id} />
        </ProgrammeLookedAt>
        {needsSignIn ? (
          // Over the page, which stays as it was: what was typed there is still there afterwards.
          <SignInAgain
            done={(isSamePerson) => {
              setConnection({ needsSignIn: false });
              if (isSamePerson) void queries.invalidateQueries();
              else queries.clear();
            }}
          />
        ) : null}
      </>
    );
  const failure = whyNothing(query);
  if (failure === undefined) return <Waiting />;
  if (failure.kind !== 'session') return <Alone failure={failure} retry={() => void refetch()} />;
  const asked = new URLSearchParams(search);
  const join = asked.get('join');
  const from = asked.get('from');
  asked.delete('join');
  asked.delete('from');
  const back = `${path}${asked.size === 0 ? '' : `?${asked}`}`;
  const how = new URLSearchParams({
    ...(back !== '/' && { back }),
    ...(join !== null && { join }),
    ...(from !== null && { from }),
  });
  return <Redirect to={how.size === 0 ? '/sign-in' : `/sign-in?${how}`} />;
}
