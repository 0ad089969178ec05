import { createClient } from '@hongmi/sdk';
import { earlyFetch } from '../early.ts';

/** The API, as the member who is signed in. These pages know no other way in. */
export const hongmi = createClient({
  ...{ url: location.origin, session: 'member' as const },
  fetch: earlyFetch,
});

/** Whose things are asked for, where an address has a member's id. */
export const ME = { id: 'me' } as const;
