import { area } from './area.ts';
import { patch, post, put } from './write.ts';

const STORE = { code: 'west', name: 'West', zone: '西湖', state: 'open' };

export const merchants = area(
  [
    'createMerchant',
    'changeMerchant',
    'setMerchantPayee',
    'setOfflineLimit',
    'createStore',
    'changeStore',
  ],
  async ({ make, merchantId }) => {
    await make(`/merchants/${merchantId}/stores`, { ...STORE, code: 'east' });
    return {
      createMerchant: post(
        '/merchants',
        {
          name: 'Shoes',
          category: 'shoes',
          earnRatio: { points: 1, perFen: 100 },
          programme: 'default',
        },
        ['programme'],
      ),
      changeMerchant: patch(
        `/merchants/${merchantId}`,
        { earnRatio: { points: 2, perFen: 100 }, from: '2098-01-01T00:00:00Z' },
        ['from'],
      ),
      setMerchantPayee: {
        ...put(`/merchants/${merchantId}/payee`, { account: '1900000109' }),
        nullable: ['account'],
      },
      setOfflineLimit: {
        ...put(`/merchants/${merchantId}/offline-limit`, { dayMax: 500 }),
        nullable: ['dayMax'],
      },
      createStore: post(`/merchants/${merchantId}/stores`, STORE, ['zone', 'state']),
      changeStore: {
        ...patch(
          `/merchants/${merchantId}/stores/east`,
          { name: 'East', zone: '东城', state: 'closed' },
          ['name', 'zone', 'state'],
        ),
        nullable: ['zone'],
      },
    };
  },
);
