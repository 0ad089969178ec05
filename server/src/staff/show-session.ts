import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { ScopeName } from '../keys/api-key.ts';
import type { Principal } from '../platform/web/auth.ts';
import { Code, InstantText, idOf, nullable, object } from '../platform/web/schema.ts';
import { SESSION_IDLE_MS } from './library.ts';
import { needsSecondFactor } from './role.ts';
import type { Session } from './session-store.ts';
import { endOf, PROVEN_MS } from './sessions.ts';
import { lacksSecondFactor, reachOfStaff, type Staff, StaffShown, showStaff } from './staff.ts';

const session = {
  id: idOf('session'),
  staffId: idOf('staff'),
  current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
  signedInAt: InstantText,
  seenAt: Type.String({ format: 'date-time', description: 'To a minute.' }),
  endsAt: Type.String({
    format: 'date-time',
    description: 'If nothing is done in it any more; twelve hours after it began at the latest.',
  }),
  address: nullable(Type.String()),
  userAgent: nullable(Type.String()),
};
export const SessionShown = object(session, { title: 'Session' });

export function showSession(each: Session, current: Session['id'] | null) {
  return {
    id: showId('session', each.id),
    staffId: showId('staff', each.login),
    current: each.id === current,
    signedInAt: showInstant(each.signedInAt),
    seenAt: showInstant(each.seenAt),
    endsAt: showInstant(endOf(each)),
    address: each.address,
    userAgent: each.userAgent,
  };
}

/** Who asks, as the pages need to know it. */
export const WhoAmI = object(
  {
    actorId: Type.String({
      ...idOf('apiKey'),
      description: 'What stands where the API says who did something.',
    }),
    scopes: Type.Array(ScopeName),
    merchantId: nullable(idOf('merchant')),
    programme: nullable(Code),
    staff: nullable(StaffShown),
    session: nullable(
      object({
        ...session,
        idleSeconds: Type.Integer({
          description: 'It ends when nothing is done in it for so long.',
        }),
        provenUntil: Type.String({
          format: 'date-time',
          description: 'From then on changes of what opens the account ask for the password first.',
        }),
      }),
    ),
    secondFactor: object({
      required: Type.Boolean(),
      missing: Type.Boolean({
        description: 'True: nothing can be done before one is set up, and `scopes` is empty.',
      }),
    }),
  },
  { title: 'WhoAmI' },
);

export function showWhoAmI(
  principal: Principal,
  signedIn: { readonly staff: Staff; readonly session: Session } | null,
): Type.Static<typeof WhoAmI> {
  const { keyId, scopes, merchant, programme } = principal;
  const staff = signedIn?.staff;
  return {
    actorId: showId('apiKey', keyId),
    scopes: [...scopes].sort(),
    merchantId: merchant === null ? null : showId('merchant', merchant),
    programme: programme?.code ?? null,
    staff: staff === undefined ? null : showStaff(staff),
    session:
      signedIn === null
        ? null
        : {
            ...showSession(signedIn.session, signedIn.session.id),
            idleSeconds: SESSION_IDLE_MS / 1_000,
            provenUntil: showInstant(signedIn.session.provenAt + PROVEN_MS),
          },
    secondFactor: {
      required:
        staff !== undefined && !staff.demo && needsSecondFactor(staff.role, reachOfStaff(staff)),
      missing: staff !== undefined && lacksSecondFactor(staff),
    },
  };
}
