import { area } from './area.ts';
import { LATER } from './scene.ts';
import { post, put, remove } from './write.ts';

/** What members agree to, and what is known of them because they did. */
export const consents = area(
  [
    'createNotice',
    'giveConsent',
    'withdrawConsent',
    'giveMerchantConsent',
    'withdrawMerchantConsent',
    'setMinority',
    'setCreditBand',
    'removeCreditBand',
    'createSegment',
    'putIntoSegment',
    'takeOutOfSegment',
  ],
  async ({ make, succeed, merchantId, memberId, receiverId, now }) => {
    const words = { zh: ['说明'], en: ['We keep it'] };
    for (const purpose of ['credit_band', 'personalised_offers', 'share_with_merchant'])
      await make('/notices', { purpose, ...words });
    const consent = { version: 1, channel: 'app', guardian: 'paper 17' };
    const receiver = `/members/${receiverId}`;
    await succeed('PUT', `${receiver}/consents/credit_band`, consent);
    await succeed('PUT', `${receiver}/consents/personalised_offers`, consent);
    const band = { band: 'good', from: now, until: LATER, source: '信用中心' };
    await succeed('PUT', `${receiver}/credit-band`, band);
    const programme = 'default';
    const segment = { programme, code: 'jeans', zh: '牛仔迷', en: 'Jeans', serviceReason: 'x' };
    await make('/segments', segment);
    await succeed('PUT', `${receiver}/segments/jeans`, { programme });
    const shared = `${receiver}/consents/share_with_merchant/${merchantId}`;
    return {
      createNotice: post(
        '/notices',
        { purpose: 'birthday', ...words, validFrom: LATER, renews: true, askAgainDays: 3 },
        ['validFrom', 'renews', 'askAgainDays'],
      ),
      giveConsent: put(`${receiver}/consents/personalised_offers`, consent, ['guardian']),
      withdrawConsent: remove(`/members/${memberId}/consents/credit_band?channel=app`),
      giveMerchantConsent: put(shared, consent, ['guardian']),
      withdrawMerchantConsent: remove(`${shared}?channel=till`),
      setMinority: put(`${receiver}/minority`, { under14Until: LATER }),
      setCreditBand: put(`${receiver}/credit-band`, band),
      removeCreditBand: remove(`${receiver}/credit-band`),
      createSegment: post('/segments', { ...segment, code: 'dresses' }, [
        'programme',
        'serviceReason',
      ]),
      putIntoSegment: put(`${receiver}/segments/jeans`, { programme }, ['programme']),
      takeOutOfSegment: remove(`${receiver}/segments/jeans`),
    };
  },
);
