import { createClient } from '@hongmi/sdk';
import { askProof } from './proof.ts';

/** The API, as the person who is signed in. The console knows no other way in. */
export const hongmi = createClient({ url: location.origin, session: true, onProofAsked: askProof });
