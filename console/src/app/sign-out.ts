import { failureOf } from '@hongmi/ui/failure.ts';
import { useWrite, type Write } from '@hongmi/ui/write.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { hongmi } from './api.ts';

/**
 * Ends the session and forgets what was read in it. Where the server was not reached it fails and forgets nothing: the browser would let
 * the next who opens these pages in as this person, whatever was said.
 */
export function useSignOut(): Write<void, void> {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useWrite(endSession, {
    done: () => {
      sessionStorage.clear();
      navigate('/sign-in');
      queries.clear();
    },
  });
}

async function endSession(): Promise<void> {
  try {
    await hongmi.signOut();
  } catch (error) {
    // One that the server does not know any more is as good as ended.
    if (failureOf(error).kind !== 'session') throw error;
  }
}
