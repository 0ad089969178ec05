import { wasSignedIn } from '@hongmi/ui/session.ts';
import { hasLastSeen } from './app/kept.ts';

/** What every page begins with, and what the start shows first: paths of the API as the SDK makes them. */
const FIRST = ['/v1/me', '/v1/programmes?limit=100'];
const AT_START = [...FIRST, '/v1/members/me/balance'];
/** Later somebody asks because they want to know what is there now. */
const FRESH_MS = 10_000;

const asked = new Map<string, Promise<Response>>();

/** Whether there is somebody to ask as: by the cookie, or by what is kept of who signed in before there was one that pages can read. */
export function mayBeSignedIn(): boolean {
  return wasSignedIn('hongmi_member') || hasLastSeen(localStorage);
}

/** Asks while the scripts are still on their way that show the answers: on a slow network that is half of the wait. `path`: below /m. */
export function askEarly(path: string): void {
  if (path === '/sign-in' || !mayBeSignedIn()) return;
  for (const each of path === '/' ? AT_START : FIRST) {
    const answer = askWhole(location.origin + each);
    asked.set(location.origin + each, answer);
    // Who asks for it then is told.
    answer.catch(() => undefined);
  }
  setTimeout(() => asked.clear(), FRESH_MS);
}

/** Read to its end, whoever wants it: an answer that is left lying keeps its connection. */
async function askWhole(address: string): Promise<Response> {
  const answer = await fetch(address, {
    headers: { 'hongmi-as': 'member' },
    // What has not come until then is asked for as if it had not been.
    signal: AbortSignal.timeout(FRESH_MS),
  });
  const { status, headers } = answer;
  return new Response(await answer.text(), { status, headers });
}

/** `fetch`, but that it answers once with what was asked early and went well. */
export const earlyFetch: typeof fetch = async (input, init) => {
  // What is written changes what was read.
  if (init?.method !== 'GET') asked.clear();
  const address = String(input);
  const early = asked.get(address);
  asked.delete(address);
  const answer = await early?.catch(() => undefined);
  return answer?.ok === true ? answer : fetch(input, init);
};
