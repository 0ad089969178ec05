import { failureOf } from '@hongmi/ui/failure.ts';
import { useWrite, type Write } from '@hongmi/ui/write.ts';
import { useQueryClient } from '@tanstack/react-query';
import { hongmi } from './api.ts';
import { keepSignedOut } from './storage.ts';

/**
 * Ends the session. What waits stays on this machine until its cashier signs in again. Where the server was not reached it fails:
 * whoever stands there next would go on as them.
 */
export function useSignOut(): Write<void, void> {
  const queries = useQueryClient();
  return useWrite(endSession, { done: () => void queries.resetQueries() });
}

async function endSession(): Promise<void> {
  try {
    await hongmi.signOut();
  } catch (error) {
    // One that the server does not know any more is as good as ended.
    if (failureOf(error).kind !== 'session') throw error;
  }
  await keepSignedOut();
}
