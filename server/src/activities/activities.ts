import type { Counting } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Person } from '../members/person.ts';
import type { App } from '../platform/web/route.ts';
import { giveBirthdays } from './give-birthdays.ts';
import { createReferrals } from './give-referrals.ts';
import { createRegistrations } from './give-registrations.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { forgeriesLeft } from './note-forgery.ts';
import { activityRoutes } from './routes.ts';
import { createSettling } from './settling.ts';
import type { PointTypeCode } from './show.ts';
import { type ActivityDeps, createTellActivities } from './tell-activities.ts';
import { createVerifyReferrals, type PurchasesOf } from './verify-referrals.ts';

export interface ActivityOptions extends Omit<ActivityDeps, 'settling'> {
  readonly codeOf: PointTypeCode;
  readonly purchasesOf: PurchasesOf;
  readonly counting: Counting;
  readonly person: Person;
  /** Told about notes that failed; the settle job makes up for them. */
  readonly onError: (error: unknown) => void;
}

/** Everything about activities, wired together once. */
export interface Activities {
  readonly routes: (app: App) => void;
  /** Members have just joined. What fails now is made up for by a resume. */
  readonly joined: (members: readonly Uuid[]) => Promise<void>;
  /** What a crash leaves behind. */
  readonly leftovers: readonly Leftovers<unknown>[];
  /** What the settle job does besides: the birthdays of the day, referrals whose purchase is verified. */
  readonly others: readonly (() => Promise<number>)[];
}

export function createActivities(options: ActivityOptions): Activities {
  const settling = createSettling(options);
  const deps = { ...options, settling };
  const tellActivities = createTellActivities(deps);
  const registrations = createRegistrations(deps, tellActivities);
  const referrals = createReferrals(deps, tellActivities);
  return {
    routes(app) {
      activityRoutes(app, { ...deps, tellActivities });
      invitationRoutes(app, deps);
    },
    async joined(members) {
      await registrations.give(members).catch(options.onError);
      await referrals.give(members).catch(options.onError);
    },
    leftovers: [
      settling.leftovers,
      registrations.leftovers,
      referrals.leftovers,
      forgeriesLeft(deps),
    ],
    others: [
      () => giveBirthdays(deps, tellActivities),
      createVerifyReferrals(deps, options.purchasesOf),
    ],
  };
}
