import { failureOf } from '@hongmi/ui/failure.ts';
import { Redirect, useLocation, useSearch } from 'wouter';
import { FailureShown } from '../design/failure-shown.tsx';
import { useSessionQuery } from './session.ts';
import { Shell } from './shell.tsx';
import { Waiting } from './waiting.tsx';

/** Who is not signed in is sent to sign in, and comes back to where they wanted to go. */
export function Gate() {
  const [path] = useLocation();
  const search = useSearch();
  const { data, error, refetch } = useSessionQuery();
  // A session that ends later is asked for over the page (shell.tsx): what was typed there stays.
  if (data !== undefined) return <Shell />;
  if (error === null) return <Waiting />;
  const failure = failureOf(error);
  if (failure.kind !== 'session')
    return <FailureShown failure={failure} retry={() => void refetch()} />;
  const back = `${path}${search === '' ? '' : `?${search}`}`;
  return <Redirect to={back === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ back })}`} />;
}
