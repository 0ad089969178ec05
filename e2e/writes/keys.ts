import { area } from './area.ts';
import { LATER } from './scene.ts';
import { post, remove } from './write.ts';

export const keys = area(
  ['createKey', 'createKey of a programme', 'rotateKey', 'revokeKey'],
  async ({ make, merchantId }) => {
    const key = await make('/keys', { name: 'till', scopes: ['points:read'] });
    const rotatedKey = await make('/keys', { name: 'turn', scopes: ['points:read'] });
    const scopes = ['points:read', 'points:write'];
    return {
      createKey: post('/keys', { name: 'pos', scopes, merchantId, expiresAt: LATER }, [
        'merchantId',
        'expiresAt',
      ]),
      'createKey of a programme': post('/keys', { name: 'region', scopes, programme: 'play' }, [
        'programme',
      ]),
      rotateKey: post(`/keys/${rotatedKey}/rotation`, { overlapHours: 2 }),
      revokeKey: remove(`/keys/${key}`),
    };
  },
);
