import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { App } from '../platform/web/route.ts';
import { chargeIssuers } from './charge-issuers.ts';
import { giveBirthdays } from './give-birthdays.ts';
import { createRegistrations } from './give-registrations.ts';
import { resumeForgeries } from './note-forgery.ts';
import { activityRoutes } from './routes.ts';
import { createSettling } from './settling.ts';
import type { PointTypeCode } from './show.ts';
import { type ActivityDeps, createTellActivities } from './tell-activities.ts';
import { createVerifyReferrals, type PurchasesOf } from './verify-referrals.ts';

export interface ActivityOptions extends Omit<ActivityDeps, 'settling'> {
  readonly codeOf: PointTypeCode;
  readonly purchasesOf: PurchasesOf;
  /** Told about notes that failed; the settle job makes up for them. */
  readonly onError: (error: unknown) => void;
}

/** Everything about activities, wired together once. */
export interface Activities {
  readonly routes: (app: App) => void;
  /** Members have just joined. What fails now is made up for by a resume. */
  readonly joined: (members: readonly Uuid[]) => Promise<void>;
  /** What the settle job does, each with at most `limit` of what is older than `before`; answers how many. */
  readonly resumes: readonly ((before: Instant, limit: number) => Promise<number>)[];
}

export function createActivities(options: ActivityOptions): Activities {
  const settling = createSettling(options);
  const deps = { ...options, settling };
  const tellActivities = createTellActivities(deps);
  const registrations = createRegistrations(deps, tellActivities);
  return {
    routes: (app) => activityRoutes(app, { ...deps, tellActivities }),
    joined: (members) => registrations.give(members).catch(options.onError),
    resumes: [
      settling.resume,
      registrations.resume,
      () => giveBirthdays(deps, tellActivities),
      createVerifyReferrals(deps, options.purchasesOf),
      (before, limit) => chargeIssuers(options, before, limit),
      (before, limit) => resumeForgeries(deps, before, limit),
    ],
  };
}
