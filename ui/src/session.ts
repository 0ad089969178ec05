/** The cookies of sessions (docs/sign-in.md, docs/member-sign-in.md). */
type Session = 'hongmi_session' | 'hongmi_member';

/** Nobody is signed in here, and the server was not asked. */
export class SignedOutError extends Error {
  constructor() {
    super('nobody is signed in');
    this.name = 'SignedOutError';
  }
}

/**
 * Whether this browser was given a session and did not give it back, by the cookie that stands beside it: pages ask for nothing that is
 * bound to be refused. Whether it still counts the server alone knows.
 */
export function wasSignedIn(session: Session): boolean {
  return isThere(document.cookie, session);
}

export function isThere(cookies: string, session: Session): boolean {
  // Over https their names begin with the prefix of cookies that belong to one host.
  const wanted = new Set([`${session}_there=1`, `__Host-${session}_there=1`]);
  return cookies.split('; ').some((each) => wanted.has(each));
}
