import type { Answered } from './test-app.ts';
import type { PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];

export const DAY = 24 * 3600_000;

let numbers = 0;
export const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
export const iso = (ms: number): string => new Date(ms).toISOString();
export const grantedOf = (told: Body): number[] => told.awards.map((each: Body) => each.granted);

export type GreenSchool = Awaited<ReturnType<typeof makeGreenSchool>>;

/** A school without a certificate yet, and a member who does something green there. */
export async function makeGreenSchool(t: PointsTestApp) {
  const school = await t.merchant();
  const memberId = await t.member();
  const certificate = (more: object = {}) => ({
    merchantId: school,
    number: fresh('G'),
    issuingBody: 'China Quality',
    scope: ['bus-ride', 'own-bag'],
    validFrom: iso(t.clock.now() - 90 * DAY),
    validUntil: iso(t.clock.now() + 90 * DAY),
    lastCheckedAt: iso(t.clock.now() - DAY),
    ...more,
  });
  const green = (more: object = {}) => ({
    merchantId: school,
    memberId,
    kind: 'green',
    activityNo: fresh('act'),
    occurredAt: iso(t.clock.now()),
    evidence: { behaviour: 'bus-ride', number: fresh('ticket') },
    ...more,
  });
  return {
    school,
    memberId,
    certificate,
    green,
    certify: (more: object = {}): Promise<Body> => t.ok('POST', '/certificates', certificate(more)),
    revoke: (id: string): Promise<Body> =>
      t.ok('PATCH', `/certificates/${id}`, {
        revocation: { reason: 'forged stamp', actor: 'Han Mei' },
      }),
    tell: (more: object = {}): Promise<Body> => t.ok('POST', '/activities', green(more)),
  };
}
