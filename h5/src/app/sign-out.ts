import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { hongmi } from './api.ts';
import { forgetLastSeen } from './kept.ts';

/** Ends the session and forgets what was read in it. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return async () => {
    // Whether or not the server still knew the session, nobody is signed in on this phone afterwards.
    await hongmi.signOutMember().catch(() => undefined);
    navigate('~/m/sign-in', { replace: true });
    forgetLastSeen(queries, localStorage);
  };
}
