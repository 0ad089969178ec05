import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';
import { needsSecondFactor, type Reach, ROLE_NAMES, type Role, reachOf } from './role.ts';

export const STAFF_STATES = ['invited', 'active', 'suspended'] as const;
export type StaffState = (typeof STAFF_STATES)[number];

/** An account of somebody who works here. */
export interface Staff {
  readonly id: Uuid;
  /** Their row of api_key: by it everything is written down as theirs. */
  readonly key: Uuid;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  readonly state: StaffState;
  /** Of the demo: its password is known to everybody. */
  readonly demo: boolean;
  readonly merchant: Uuid | null;
  /** Their own, or their merchant's. */
  readonly programme: { readonly id: number; readonly code: string } | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly invitedUntil: Instant | null;
  readonly hasAuthenticator: boolean;
  readonly passkeys: number;
  /** When they did something last; null: no session is kept. */
  readonly seenAt: Instant | null;
}

export function reachOfStaff({
  merchant,
  programme,
}: Pick<Staff, 'merchant' | 'programme'>): Reach {
  return reachOf({ merchant, programme: programme?.id ?? null });
}

/** Whether they can do nothing but set up a second factor: nobody knows the password of a demo's account better than others. */
export function lacksSecondFactor(staff: Staff): boolean {
  const has = staff.hasAuthenticator || staff.passkeys > 0;
  return !has && !staff.demo && needsSecondFactor(staff.role, reachOfStaff(staff));
}

// A local part, and a domain with a dot or one that only a machine's own network knows.
export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}$',
  examples: ['chen@example.com'],
});
export const RoleName = Type.Enum(ROLE_NAMES, { title: 'Role' });
export const StateName = Type.Enum([...STAFF_STATES], { title: 'StaffState' });

/** How an address is compared. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

export const NewStaff = object(
  {
    name: text(100),
    email: Email,
    role: RoleName,
    merchantId: Type.Optional(idOf('merchant')),
    programme: Type.Optional(
      Type.String({
        ...Code,
        description: 'For who works for this programme; not with merchantId.',
      }),
    ),
  },
  { title: 'NewStaff' },
);

const shown = {
  id: idOf('staff'),
  actorId: Type.String({
    ...idOf('apiKey'),
    description: 'What stands where the API says who did something.',
  }),
  name: Type.String(),
  email: Type.String(),
  role: RoleName,
  state: StateName,
  merchantId: nullable(idOf('merchant')),
  programme: nullable(Type.String({ ...Code, description: 'Their own, or their merchant’s.' })),
  secondFactor: Type.Enum(['none', 'authenticator', 'passkey', 'both'], { title: 'SecondFactors' }),
  demo: Type.Boolean({ description: 'Of the demo: opens nothing where there is none.' }),
  createdAt: InstantText,
  changedAt: InstantText,
  invitedUntil: nullable(InstantText),
  seenAt: nullable(InstantText),
};
export const StaffShown = object(shown, { title: 'Staff' });
export const StaffInvited = object(
  {
    ...shown,
    invitation: nullable(
      object({
        token: nullable(
          Type.String({ description: 'Shown in the first answer only; null in a repeated one.' }),
        ),
        path: nullable(Type.String({ description: 'Of the page that takes it.' })),
        until: InstantText,
      }),
    ),
  },
  { title: 'StaffInvited' },
);

export function showStaff(staff: Staff): Type.Static<typeof StaffShown> {
  const instant = (at: Instant | null): string | null => (at === null ? null : showInstant(at));
  return {
    id: showId('staff', staff.id),
    actorId: showId('apiKey', staff.key),
    name: staff.name,
    email: staff.email,
    role: staff.role,
    state: staff.state,
    merchantId: staff.merchant === null ? null : showId('merchant', staff.merchant),
    programme: staff.programme?.code ?? null,
    secondFactor: secondFactorOf(staff),
    demo: staff.demo,
    createdAt: showInstant(staff.createdAt),
    changedAt: showInstant(staff.changedAt),
    invitedUntil: instant(staff.invitedUntil),
    seenAt: instant(staff.seenAt),
  };
}

function secondFactorOf({ hasAuthenticator, passkeys }: Staff) {
  if (passkeys === 0) return hasAuthenticator ? 'authenticator' : 'none';
  return hasAuthenticator ? 'both' : 'passkey';
}
