import { useQueryClient } from '@tanstack/react-query';
import { hongmi } from './api.ts';

/** Ends the session. What waits stays on this machine until its cashier signs in again. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await hongmi.signOut().catch(() => undefined);
    await queries.resetQueries();
  };
}
