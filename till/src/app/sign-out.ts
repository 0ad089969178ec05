import { failureOf } from '@hongmi/ui/failure.ts';
import { useWrite, type Write } from '@hongmi/ui/write.ts';
import { useQueryClient } from '@tanstack/react-query';
import { hongmi } from './api.ts';
import { keepSignedOut, keptShop, signedOut } from './storage.ts';

/**
 * Closes the till and ends the session. What waits stays on this machine until its cashier signs in again. Where the server is not
 * reached the till is closed all the same, and the session ends before anything else is asked once it is ({@link finishSignOut}).
 */
export function useSignOut(): Write<void, void> {
  const queries = useQueryClient();
  return useWrite(signOut, { done: () => void queries.resetQueries() });
}

async function signOut(): Promise<void> {
  try {
    await endSession();
  } catch (error) {
    if (failureOf(error).kind !== 'unreachable') throw error;
    await keepSignedOut('ending');
    return;
  }
  await keepSignedOut('ended');
}

/** Ends the session of who signed out while the server was away. Throws while it is: nobody goes on as them. */
export async function finishSignOut(): Promise<void> {
  if ((await signedOut()) !== 'ending') return;
  const whose = (await keptShop())?.staff.id;
  // Somebody else may have signed in since, at the console.
  if ((await sessionOf()) === whose) await endSession();
  await keepSignedOut('ended');
}

async function endSession(): Promise<void> {
  try {
    await hongmi.signOut();
  } catch (error) {
    // One that the server does not know any more is as good as ended.
    if (failureOf(error).kind !== 'session') throw error;
  }
}

/** Whose session this browser has; undefined: it has none. */
async function sessionOf(): Promise<string | undefined> {
  try {
    return (await hongmi.whoAmI()).staff?.id;
  } catch (error) {
    if (failureOf(error).kind !== 'session') throw error;
    return undefined;
  }
}
