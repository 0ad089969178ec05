import { dayOf } from '../day.ts';
import { area } from './area.ts';
import { untilOnOffer } from './scene.ts';
import { post, put } from './write.ts';

const CLAIM = { kind: 'quality', reason: 'faulty', actor: 'Li Lei' };
const ACCEPT = { answer: 'accept', remedy: 'refund', goodsBack: true, onShelf: true };
const RECEIVE = { answer: 'receive', onShelf: true };
const REFUSE = { answer: 'refuse', reason: 'no_fault_found' };
const SAYING = { note: 'as was agreed', actor: 'Li Lei' };
const RECIPIENT = {
  name: '韩梅梅',
  phone: '13800000000',
  region: '330106',
  address: '文三路 1 号',
};

/** What becomes of a redemption: it is sent, moved, complained about, or cannot be had. */
export const afterSales = area(
  [
    'openAfterSalesCase',
    'answerAfterSalesCase accept',
    'answerAfterSalesCase receive',
    'answerAfterSalesCase settle',
    'answerAfterSalesCase refuse',
    'stepAfterSalesCase',
    'decideAfterSalesCase member',
    'decideAfterSalesCase merchant',
    'cancelBySupplier',
    'moveBooking',
    'tellDelivery',
    'redirectDelivery',
  ],
  async (scene) => {
    const { make, succeed, merchantId, wanted, wantedBody } = scene;
    await untilOnOffer(scene, wanted);
    const { price: _, ...pair } = { ...wanted, quantity: 2 };
    const claimedId = await make('/redemptions', pair);
    const brokenId = await make('/redemptions', wanted);
    await make(`/redemptions/${claimedId}/after-sales`, { ...CLAIM, places: [0] });
    /** A case about a redemption of its own, after what was said of it. */
    const caseAfter = async (...told: [path: string, body: object][]): Promise<string> => {
      const id = await make(
        `/redemptions/${await make('/redemptions', wanted)}/after-sales`,
        CLAIM,
      );
      for (const [path, body] of told)
        await succeed('POST', `/after-sales/${id}/${path}`, { actor: 'Li Lei', ...body });
      return id;
    };
    const appealed = () => caseAfter(['answers', REFUSE], ['member-steps', { step: 'appeal' }]);
    const cases = {
      opened: await caseAfter(),
      refused: await caseAfter(),
      accepted: await caseAfter(['answers', ACCEPT]),
      received: await caseAfter(['answers', ACCEPT], ['answers', RECEIVE]),
      withdrawn: await caseAfter(),
      appealed: await appealed(),
      dismissed: await appealed(),
    };

    /** Redeems a reward like the one that is wanted, as soon as it is on offer. */
    const redeemSoon = async (code: string, fulfilment: object, particulars: object) => {
      const body = { ...wantedBody, fulfilment, cancellation: { until: 'before_use' } };
      const rewardId = await make('/rewards', { code, merchantId, body });
      await succeed('POST', `/rewards/${rewardId}/publish`, {});
      const asked = { ...wanted, rewardId, particulars };
      await untilOnOffer(scene, asked);
      return make('/redemptions', asked);
    };
    const delivery = { kind: 'delivery', regions: ['3301'], feeFen: 0 };
    const addressed = { kind: 'delivery', ...RECIPIENT };
    const hours = { from: '09:00', to: '10:00', places: 100 };
    const [sentId, redirectedId, bookedId] = await Promise.all([
      redeemSoon('sent', delivery, addressed),
      redeemSoon('redirected', delivery, addressed),
      redeemSoon(
        'booked',
        { kind: 'booking', unit: 'slot', noticeHours: 2, slots: [hours] },
        { kind: 'booking', day: dayOf(30), slot: '09:00-10:00' },
      ),
    ]);
    const answers = (id: string) => `/after-sales/${id}/answers`;
    return {
      openAfterSalesCase: post(
        `/redemptions/${claimedId}/after-sales`,
        { ...CLAIM, ...SAYING, places: [1] },
        ['places', 'note'],
      ),
      'answerAfterSalesCase accept': post(answers(cases.opened), { ...ACCEPT, ...SAYING }, [
        ...['goodsBack', 'onShelf', 'note'],
      ]),
      'answerAfterSalesCase receive': post(answers(cases.accepted), { ...RECEIVE, ...SAYING }, [
        'note',
      ]),
      'answerAfterSalesCase settle': post(
        answers(cases.received),
        { answer: 'settle', ...SAYING },
        ['note'],
      ),
      'answerAfterSalesCase refuse': post(answers(cases.refused), { ...REFUSE, ...SAYING }, [
        'note',
      ]),
      stepAfterSalesCase: post(
        `/after-sales/${cases.withdrawn}/member-steps`,
        { step: 'withdraw', ...SAYING },
        ['note'],
      ),
      'decideAfterSalesCase member': post(
        `/after-sales/${cases.appealed}/decision`,
        { for: 'member', remedy: 'refund', onShelf: true, ...SAYING },
        ['onShelf', 'note'],
      ),
      'decideAfterSalesCase merchant': post(
        `/after-sales/${cases.dismissed}/decision`,
        { for: 'merchant', reason: 'no_fault_found', ...SAYING },
        ['note'],
      ),
      cancelBySupplier: post(
        `/redemptions/${brokenId}/supplier-cancellation`,
        { reason: 'out_of_stock', onShelf: true, ...SAYING },
        ['onShelf', 'note'],
      ),
      moveBooking: post(`/redemptions/${bookedId}/move`, { day: dayOf(31), slot: '09:00-10:00' }),
      tellDelivery: post(`/deliveries/${sentId}/state`, {
        ...{ state: 'sent', carrier: '顺丰', trackingNo: 'SF1', actor: 'Li Lei' },
      }),
      redirectDelivery: put(`/redemptions/${redirectedId}/recipient`, RECIPIENT),
    };
  },
);
