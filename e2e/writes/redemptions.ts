import { expect } from 'vitest';
import { area } from './area.ts';
import { untilOnOffer } from './scene.ts';
import { post, put } from './write.ts';

/** Rewards that end when they are redeemed: what is handed out, taken off a bill, given away. */
export const redemptions = area(
  [
    'redeem',
    'createRedemptions',
    'voidBill',
    'returnBill',
    'setFund',
    'payFund',
    'cancelRedemption',
    'checkVoucher',
    'useVoucher',
    'undoVoucherUse',
  ],
  async (scene) => {
    const { caller, make, succeed, merchantId, at, wanted, wantedBody } = scene;
    const offer = async (code: string, body: object): Promise<string> => {
      const id = await make('/rewards', { code, merchantId, body });
      await succeed('POST', `/rewards/${id}/publish`, {});
      return id;
    };
    const offsetBody = {
      ...wantedBody,
      cashValueFen: 100,
      fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 100 },
      cancellation: { until: 'never' },
      afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
    };
    const offsetId = await offer('offset', offsetBody);
    const fund = {
      name: { zh: '植树', en: 'Trees' },
      organisation: 'A foundation',
      certificate: { number: 'C 1', issuingBody: 'A bureau', validUntil: '2099-12-31' },
      from: '2020-01-01',
      actor: 'Li Lei',
    };
    await succeed('PUT', '/funds/trees', fund);
    const givingId = await offer('giving', {
      ...{ ...offsetBody, kind: 'donation', cashValueFen: 5_000 },
      fulfilment: { kind: 'donation', fund: 'trees' },
    });
    const ofBill = (billNo: string) => ({
      ...{ ...at, rewardId: offsetId, quantity: 2 },
      particulars: { kind: 'bill', billNo, billFen: 1_000 },
    });
    await untilOnOffer(scene, wanted);
    await untilOnOffer(scene, ofBill('N-1'));
    await untilOnOffer(scene, { ...at, rewardId: givingId });

    const redeemed = await caller.once('POST', '/redemptions', wanted);
    expect(redeemed.status, redeemed.text).toBe(201);
    const [voucher] = JSON.parse(redeemed.text).vouchers as { code: string }[];
    const bill = { code: voucher?.code, merchantId, billFen: 100 };
    const useId = await make('/vouchers/uses', { ...bill, useNo: 'B-1' });
    const redemptionId = await make('/redemptions', wanted);
    await make('/redemptions', { ...at, rewardId: givingId });
    const unpaidId = await make('/redemptions', ofBill('N-1'));
    const paidId = await make('/redemptions', ofBill('N-2'));
    return {
      redeem: post('/redemptions', { ...wanted, dryRun: false }, [
        ...['option', 'quantity', 'price', 'dryRun'],
      ]),
      createRedemptions: post(
        '/redemptions/bulk',
        { redemptions: [{ ...wanted, idempotencyKey: 'r1' }] },
        ['option', 'quantity', 'price', 'idempotencyKey'],
      ),
      voidBill: post(
        `/redemptions/${unpaidId}/void`,
        { reason: 'card refused', actor: 'till 2', dryRun: false },
        ['dryRun'],
      ),
      returnBill: post(
        `/redemptions/${paidId}/returns`,
        { returnNo: 'R-1', returnedFen: 300, reason: 'too small', actor: 'till 2', dryRun: false },
        ['dryRun'],
      ),
      setFund: put('/funds/trees', { programme: 'default', ...fund, until: '2099-12-31' }, [
        ...['programme', 'until', 'en'],
      ]),
      payFund: post(
        '/funds/trees/payments',
        {
          ...{ programme: 'default', merchantId, fen: 100, reference: 'bank 2' },
          ...{ paidOn: '2026-01-01', actor: 'Li Lei' },
        },
        ['programme'],
      ),
      cancelRedemption: post(`/redemptions/${redemptionId}/cancel`, { dryRun: false }, ['dryRun']),
      checkVoucher: post('/vouchers/check', bill, ['billFen']),
      useVoucher: post('/vouchers/uses', { ...bill, useNo: 'B-2' }, ['billFen']),
      undoVoucherUse: post(`/vouchers/uses/${useId}/undo`, {
        reason: 'card refused',
        actor: 'Li Lei',
      }),
    };
  },
);
