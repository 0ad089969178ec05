import type { Write } from './write.ts';

/** Writes about who works here. */
export const STAFF_OPERATIONS = [
  'inviteStaff',
  'inviteStaff of a programme',
  'changeStaff',
  'inviteStaffAgain',
  'resetStaff',
  'unlockStaff',
] as const;

/** Of these there is no dry run. */
export const STAFF_WITHOUT_DRY_RUN = [
  'inviteStaff',
  'inviteStaff of a programme',
  'inviteStaffAgain',
  'resetStaff',
] as const;

/**
 * What people do to come in, and with their own session: no key does it, and what is asked depends on what was answered before
 * in the same browser. Tested in server/src/staff.
 */
export const BY_PEOPLE: readonly string[] = [
  'signIn',
  'signInSecondFactor',
  'passkeySignInOptions',
  'signInByPasskey',
  'acceptInvitation',
  'signOut',
  'proveSession',
  'changePassword',
  'endSession',
  'beginAuthenticator',
  'confirmAuthenticator',
  'removeAuthenticator',
  'makeBackupCodes',
  'newPasskeyOptions',
  'addPasskey',
  'removePasskey',
  // Members, in server/src/http/member-sign-in.pg.test.ts.
  ...['requestMemberCode', 'signInMember', 'endMySession', 'signOutMember'],
  // A code is of a phone: in server/src/http/member-codes.pg.test.ts.
  'resolveMemberCode',
];

/** Makes the accounts that the good bodies are about, and writes them down by operation. */
export async function prepareStaffWrites(
  make: (path: string, body: object) => Promise<string>,
  { merchantId, programme }: { readonly merchantId: string; readonly programme: string },
): Promise<Record<(typeof STAFF_OPERATIONS)[number], Write>> {
  const account = (name: string): Promise<string> =>
    make('/staff', { name, email: `${name}@example.com`, role: 'regulator' });
  const write = (method: string, path: string, good: object, optional: string[] = []): Write => ({
    ...{ method, path, good, optional },
  });
  const bare = (path: string): Write => ({ ...write('POST', path, {}), isBare: true });
  const works = { name: 'Li Lei', email: 'li.lei@example.com' };
  return {
    inviteStaff: write('POST', '/staff', { ...works, role: 'merchant_cashier', merchantId }, [
      'merchantId',
    ]),
    'inviteStaff of a programme': write(
      'POST',
      '/staff',
      { ...works, email: 'han@example.com', role: 'finance', programme },
      ['programme'],
    ),
    changeStaff: write(
      'PATCH',
      `/staff/${await account('changed')}`,
      { name: 'Han Meimei', role: 'assessor', state: 'suspended' },
      ['name', 'role', 'state'],
    ),
    inviteStaffAgain: bare(`/staff/${await account('invited')}/invitation`),
    resetStaff: bare(`/staff/${await account('reset')}/reset`),
    unlockStaff: bare(`/staff/${await account('locked')}/unlock`),
  };
}
