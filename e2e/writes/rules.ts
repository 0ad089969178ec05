import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import { expect, vi } from 'vitest';
import { area } from './area.ts';
import { LATER } from './scene.ts';
import { post, put, remove } from './write.ts';

const BODY = {
  name: '瓜季双倍',
  description: 'Melons earn twice',
  on: 'order',
  when: {
    channels: ['till'],
    dates: { from: '2099-06-01', to: '2099-08-31' },
    weekdays: [6, 7],
    hours: { from: '08:00', to: '22:00' },
    lines: { categories: ['melon'] },
    member: { segments: ['regular'] },
    expression: 'order.lines.size() > 1',
  },
  earn: { kind: 'times', num: 2, den: 1 },
  terms: {
    pointType: 'points',
    expiry: { kind: 'rolling', days: 365 },
    funders: [{ merchant: 'seller', share: 1 }],
    caps: [{ per: 'month', points: 500 }],
  },
  priority: 5,
  group: 'season',
};
const OPTIONAL = [
  ...['programme', 'merchantId', 'description', 'channels', 'dates', 'from', 'to', 'weekdays'],
  ...['hours', 'lines', 'categories', 'member', 'segments', 'expression', 'terms', 'pointType'],
  ...['expiry', 'days', 'funders', 'caps', 'priority', 'group'],
];

const EXAMINED = {
  on: 'order',
  at: LATER,
  store: 'west',
  channel: 'till',
  tenders: ['card'],
  lines: [
    {
      sku: 'melon',
      brand: 'hami',
      category: 'melon',
      zone: 'fruit',
      greenCertificate: 'G-1',
      quantity: 1,
      amountFen: 100,
    },
  ],
  member: {
    tier: 'gold',
    merchantTier: 'gold',
    creditBand: 'a',
    segments: ['regular'],
    earlierOrders: 3,
    joinedAt: '2026-01-01T00:00:00Z',
    birthday: '02-29',
  },
};
const EXAMINE_OPTIONAL = [
  ...['on', 'at', 'store', 'channel', 'tenders', 'lines', 'brand', 'category', 'zone'],
  ...['greenCertificate', 'memberId', 'member', 'tier', 'merchantTier', 'creditBand', 'segments'],
  ...['earlierOrders', 'joinedAt', 'birthday', 'drafts'],
];

export const rules = area(
  [
    'createRule',
    'saveRuleDraft',
    'dropRuleDraft',
    'publishRule',
    'retireRule',
    'examineRules',
    'startSimulation',
    'cancelSimulation',
  ],
  async ({ caller, make, merchantId, memberId }) => {
    const rule = { code: 'melon', merchantId, body: BODY };
    const ruleId = await make('/rules', rule);
    const droppedId = await make('/rules', { ...rule, code: 'dropped' });
    const retiredId = await make('/rules', { ...rule, code: 'retired' });
    const publication = await caller.once('POST', `/rules/${retiredId}/publish`, {});
    expect(publication.status, publication.text).toBe(200);
    const versionId = publication.body.announced?.[0]?.id ?? '';

    const triedId = await make('/rules', { ...rule, code: 'tried' });
    const history = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
    const asked = { ...history, rules: 'now', drafts: [triedId], without: [retiredId] };
    const simulationId = await make('/rules/simulations', { merchantId, ...asked });
    // What it changes must not be taken for what a bad request changed.
    await vi.waitFor(
      async () => {
        const { text } = await caller.once('GET', `/rules/simulations/${simulationId}`);
        expect(JSON.parse(text).state).toBe('done');
      },
      { timeout: PATIENCE_MS },
    );
    return {
      createRule: post('/rules', { ...rule, code: 'pear', programme: 'default' }, OPTIONAL),
      saveRuleDraft: put(`/rules/${ruleId}/draft`, { body: BODY }, OPTIONAL),
      dropRuleDraft: remove(`/rules/${droppedId}/draft`),
      publishRule: post(`/rules/${ruleId}/publish`, { from: LATER }, ['from']),
      retireRule: post(`/rules/${retiredId}/retire`, { from: LATER }, ['from']),
      examineRules: post(
        '/rules/examine',
        { merchantId, ...EXAMINED, memberId, drafts: [versionId] },
        EXAMINE_OPTIONAL,
      ),
      startSimulation: post('/rules/simulations', { programme: 'default', merchantId, ...asked }, [
        ...['programme', 'merchantId', 'rules', 'drafts', 'without'],
      ]),
      cancelSimulation: remove(`/rules/simulations/${simulationId}`),
    };
  },
);
