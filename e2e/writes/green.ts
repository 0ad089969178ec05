import { area } from './area.ts';
import { LATER } from './scene.ts';
import { patch, post } from './write.ts';

const OPTIONAL = ['store', 'channel', 'attributes', 'evidence'];

export const green = area(
  [
    'createActivity',
    'createActivities',
    'noteForgery',
    'createCertificate',
    'changeCertificate',
    'publishCarbonMethod',
  ],
  async ({ make, merchantId, at, now }) => {
    const certificate = {
      merchantId,
      number: 'G-1',
      issuingBody: 'CQC',
      scope: ['own-bag', 'bus-ride'],
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: LATER,
      lastCheckedAt: '2026-01-01T00:00:00Z',
    };
    const certificateId = await make('/certificates', certificate);
    const activity = {
      ...at,
      kind: 'green',
      activityNo: 'E-1',
      occurredAt: now,
      store: 'east',
      channel: 'app',
      // Any name has any simple value; activities.pg.test.ts has the bad ones.
      attributes: {},
      evidence: { behaviour: 'own-bag', number: 'R-77' },
    };
    const activityId = await make('/activities', { ...activity, activityNo: 'E-0' });
    return {
      createActivity: post('/activities', { ...activity, dryRun: true }, [...OPTIONAL, 'dryRun']),
      createActivities: post(
        '/activities/bulk',
        { activities: [{ ...activity, activityNo: 'E-2', idempotencyKey: 'a1' }] },
        [...OPTIONAL, 'idempotencyKey'],
      ),
      noteForgery: post(
        `/activities/${activityId}/forgery`,
        { reason: 'painted ticket', actor: 'Li Lei', dryRun: true },
        ['dryRun'],
      ),
      createCertificate: post('/certificates', { ...certificate, number: 'G-2' }),
      changeCertificate: patch(
        `/certificates/${certificateId}`,
        { scope: ['own-bag'], validUntil: LATER, lastCheckedAt: '2026-02-01T00:00:00Z' },
        ['scope', 'validUntil', 'lastCheckedAt'],
      ),
      publishCarbonMethod: post(
        '/carbon/methods',
        {
          programme: 'default',
          behaviour: 'own-bag',
          name: '自带购物袋',
          source: 'A study of bags',
          region: 'CN',
          year: 2025,
          unit: 'bag',
          attribute: 'bags',
          baselineMg: 33_000,
          actualMg: 0,
          from: LATER,
          actor: 'Li Lei',
          dryRun: true,
        },
        ['programme', 'attribute', 'dryRun'],
      ),
    };
  },
);
