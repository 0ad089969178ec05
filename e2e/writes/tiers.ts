import { area } from './area.ts';
import { LATER } from './scene.ts';
import { post, put } from './write.ts';

const OPTIONAL = [
  'pointType',
  'downgrade',
  'to',
  'graceDays',
  'noticeDays',
  'returns',
  'match',
  'spendFen',
  'visits',
  'points',
  'benefits',
  'exclusiveRewards',
  'priorityMinutes',
  'services',
  'merchants',
  'from',
];

export const tiers = area(
  ['setTiers', 'setMerchantTiers', 'giveTier', 'useService', 'undoService'],
  async ({ make, succeed, pool, memberId, receiverId }) => {
    await make('/programmes', { code: 'ranks', name: 'Ranks' });
    const washAt = async (programme: string) => {
      const earnRatio = { points: 1, perFen: 100 };
      const body = { name: 'wash', category: 'car-wash', programme, earnRatio };
      return {
        ...{ code: 'wash', name: '洗车', quota: 100, per: 'month' },
        merchants: [await make('/merchants', body)],
      };
    };
    const [playWash, wash] = [await washAt('play'), await washAt('ranks')];
    const [merchantId] = wash.merchants;
    const scheme = {
      pointType: 'points',
      window: { kind: 'rolling', months: 12 },
      tiers: [
        {
          code: 'gold',
          name: '金',
          qualify: { match: 'any', spendFen: 100_000, visits: 12, points: 1_000 },
          benefits: { exclusiveRewards: true, priorityMinutes: 30, services: [playWash] },
        },
      ],
      downgrade: { to: 'one_step', graceDays: 30, noticeDays: 7, returns: 'at_once' },
    };
    // What requests publish counts some seconds later.
    await pool.query(
      `insert into tier_scheme (programme, ladder, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
       select p.id, l.ladder, 1, $1, 10001, '{"verdict":"better_or_equal","reasons":[]}', 0, 1, '00000000-0000-7000-8000-000000000000'
       from programme p, lateral (
         select '00000000-0000-0000-0000-000000000000'::uuid as ladder union all select id from merchant where programme = p.id
       ) l where p.code = 'ranks'`,
      [JSON.stringify(scheme).replaceAll(JSON.stringify(playWash), JSON.stringify(wash))],
    );
    const given = { programme: 'ranks', tier: 'gold', reason: 'a friend', actor: 'Li Lei' };
    await succeed('POST', `/members/${memberId}/tier`, { ...given, until: '2030-12-31' });
    const used = { merchantId, service: 'wash', useNo: 'W-1' };
    const useId = await make(`/members/${memberId}/tier/uses`, used);
    return {
      setTiers: put('/programmes/play/tiers', { ...scheme, from: LATER }, OPTIONAL),
      setMerchantTiers: put(
        `/merchants/${playWash.merchants[0]}/tiers`,
        { ...scheme, from: LATER },
        OPTIONAL,
      ),
      giveTier: post(`/members/${receiverId}/tier`, { ...given, merchantId, until: '2027-12-31' }, [
        'programme',
        'merchantId',
      ]),
      useService: post(`/members/${memberId}/tier/uses`, { ...used, useNo: 'W-2' }, ['dryRun']),
      undoService: post(
        `/members/${memberId}/tier/uses/${useId}/undo`,
        { reason: 'no water', actor: 'Li Lei' },
        ['dryRun'],
      ),
    };
  },
);
