import { area } from './area.ts';
import { patch, post, type Write } from './write.ts';

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

/** Writes about who works here. */
export const staff = area(
  [
    'inviteStaff',
    'inviteStaff of a programme',
    'changeStaff',
    'inviteStaffAgain',
    'resetStaff',
    'unlockStaff',
  ],
  async ({ make, merchantId }) => {
    const account = (name: string): Promise<string> =>
      make('/staff', { name, email: `${name}@example.com`, role: 'regulator' });
    const bare = (path: string): Write => ({ ...post(path, {}), isBare: true });
    const works = { name: 'Li Lei', email: 'li.lei@example.com' };
    return {
      inviteStaff: post('/staff', { ...works, role: 'merchant_cashier', merchantId }, [
        'merchantId',
      ]),
      'inviteStaff of a programme': post(
        '/staff',
        { ...works, email: 'han@example.com', role: 'finance', programme: 'play' },
        ['programme'],
      ),
      changeStaff: patch(
        `/staff/${await account('changed')}`,
        { name: 'Han Meimei', role: 'assessor', state: 'suspended' },
        ['name', 'role', 'state'],
      ),
      inviteStaffAgain: bare(`/staff/${await account('invited')}/invitation`),
      resetStaff: bare(`/staff/${await account('reset')}/reset`),
      unlockStaff: bare(`/staff/${await account('locked')}/unlock`),
    };
  },
);
