import { area } from './area.ts';
import { LATER } from './scene.ts';
import { patch, post, type Write } from './write.ts';

const TOLD = { reason: 'birthday', reference: 'r-1', effectiveAt: '2026-01-01T00:00:00Z' };
const OPTIONAL = [
  'reason',
  'reference',
  'effectiveAt',
  'pointType',
  'dryRun',
  'availableAt',
  'expiresAt',
  'limits',
  'idempotencyKey',
  'policy',
  'freeLimits',
];
const move = (good: object, more: readonly string[] = []): Write =>
  post('/transactions', { ...good, dryRun: true }, [...OPTIONAL, ...more]);

export const ledger = area(
  [
    'createTransaction issue',
    'createTransaction burn',
    'createTransaction hold',
    'createTransaction capture',
    'createTransaction release',
    'createTransaction return',
    'createTransaction refund',
    'createTransaction adjust',
    'createTransaction expire',
    'createTransactions',
    'createTransfer',
    'createTransfers',
    'proposeAdjustment',
    'approveAdjustment',
    'refuseAdjustment',
    'makeCut',
    'createBudget',
    'changeBudget',
    'acknowledgeFinding',
  ],
  async ({ make, pool, merchantId, memberId, receiverId, at }) => {
    const point = { programme: 'default', pointType: 'points' };
    const earn = await make('/transactions', { kind: 'issue', ...at, points: 1000 });
    const burn = await make('/transactions', { kind: 'burn', ...at, points: 100 });
    const holdId = (
      await make('/transactions', { kind: 'hold', ...at, points: 50, expiresInSeconds: 9999 })
    ).replace('txn_', 'hold_');
    const who = { actor: 'Li Lei', reference: 'case 7' };
    const proposed = { ...at, points: -5, reason: 'miscounted', ...who };
    const proposal = await make('/adjustments', proposed);
    const budget = { name: 'spring', total: 1000, merchantId, ...point };
    const budgetId = await make('/budgets', budget);
    const limits = [{ budget: 'spring', mode: 'all' }];
    await make('/transactions', { kind: 'issue', ...at, points: 10, limits });
    // Nothing that requests can do makes a finding.
    const { rows: findings } = await pool.query<{ id: string }>(
      `insert into ledger.finding (shard, invariant, about, message, first_seen_at_ms, last_seen_at_ms)
       values (0, 'state', 'a lot', 'made up', 1, 1) returning id`,
    );
    const five = { ...at, pointType: 'points', points: 5, ...TOLD };
    const issue = {
      kind: 'issue',
      ...five,
      availableAt: LATER,
      expiresAt: '2099-02-01T00:00:00Z',
      limits: [{ counter: 'day', max: 50, mode: 'trim' }],
    };
    const gift = { giverId: memberId, receiverId, ...point, points: 1, purpose: 'household' };
    return {
      'createTransaction issue': { ...move(issue), nullable: ['expiresAt'] },
      'createTransaction burn': move({ kind: 'burn', ...five }),
      'createTransaction hold': move({ kind: 'hold', ...five, expiresAt: LATER }),
      'createTransaction capture': move({ kind: 'capture', memberId, holdId, points: 5, ...TOLD }, [
        'points',
      ]),
      'createTransaction release': move({ kind: 'release', memberId, holdId, ...TOLD }),
      'createTransaction return': move({
        kind: 'return',
        memberId,
        transactionId: earn,
        points: 5,
        policy: 'debt',
        freeLimits: true,
        ...TOLD,
      }),
      'createTransaction refund': move(
        { kind: 'refund', memberId, transactionId: burn, points: 5, ...TOLD },
        ['points'],
      ),
      'createTransaction adjust': move({
        ...{ kind: 'adjust', ...five, points: -5 },
        ...{ actor: 'Li Lei', expiresAt: LATER },
      }),
      'createTransaction expire': move({
        ...{ kind: 'expire', memberId, ...point },
        effectiveAt: TOLD.effectiveAt,
      }),
      createTransactions: {
        ...post(
          '/transactions/bulk',
          {
            transactions: [
              { ...issue, idempotencyKey: 't1' },
              { kind: 'burn', ...at, points: 1 },
            ],
            dryRun: true,
          },
          OPTIONAL,
        ),
        nullable: ['expiresAt'],
      },
      createTransfer: post('/transfers', { ...gift, dryRun: true }, [
        'dryRun',
        'programme',
        'pointType',
      ]),
      createTransfers: post(
        '/transfers/bulk',
        { transfers: [{ ...gift, idempotencyKey: 'g1' }, gift], dryRun: true },
        ['dryRun', 'programme', 'pointType', 'idempotencyKey'],
      ),
      proposeAdjustment: post('/adjustments', { ...proposed, expiresAt: LATER }, [
        'pointType',
        'reference',
        'expiresAt',
      ]),
      approveAdjustment: post(`/adjustments/${proposal}/approval`, { dryRun: true }, ['dryRun']),
      refuseAdjustment: post(`/adjustments/${proposal}/refusal`, { reason: 'counted again' }),
      makeCut: post('/ledger/cuts', { programme: 'default', at: TOLD.effectiveAt }),
      createBudget: post('/budgets', { ...budget, name: 'summer' }, [
        'programme',
        'pointType',
        'merchantId',
      ]),
      changeBudget: patch(`/budgets/${budgetId}`, { total: 2000 }),
      acknowledgeFinding: post(`/ledger/findings/${findings[0]?.id}/acknowledgement`, {
        note: 'looked into',
      }),
    };
  },
);
