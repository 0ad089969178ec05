import type { components } from '@hongmi/sdk';
import { addDays, momentOf } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';
import { TRADES } from './year/trades.ts';

type Schemas = components['schemas'];
type Points = Schemas['PointTermsAsked'];
type Terms = Omit<Schemas['PublishTerms'], 'programme' | 'merchantId' | 'from' | 'withdraws'>;

const MICRO_FEN = 1_000_000;
const ACTOR = '演示';

/** What is owed for a point and what is paid for it, in fen, and the fee in basis points of the latter. */
function priced(pointType: string, owed: number, paid: number, feeBasisPoints: number): Points {
  return {
    pointType,
    issuePriceMicroFen: owed * MICRO_FEN,
    reimbursementMicroFen: paid * MICRO_FEN,
    feeBasisPoints,
  };
}

const AGREED = { cycle: 'month', paymentTermDays: 10, actor: ACTOR } as const;

/** The merchant that pays beforehand. */
export const PREFUNDED = 'convenience-store';

/** The standard terms (no pack), and those that merchants have of their own. */
export const SETTLEMENT_TERMS: readonly { readonly pack: string | null; readonly terms: Terms }[] =
  [
    {
      pack: null,
      terms: {
        // Ten points are worth ¥1, as the programme's guidance says; miles and nights what the packs' rewards are.
        points: [
          priced('points', 10, 9.5, 200),
          priced('green', 10, 9.5, 100),
          priced('miles', 12, 11.5, 100),
          priced('nights', 6_000, 5_800, 100),
        ],
        settlement: 'postpaid',
        note: '联盟标准条款',
        ...AGREED,
      },
    },
    {
      pack: 'supermarket',
      terms: {
        points: [priced('points', 10, 5.5, 100), priced('green', 10, 9.5, 100)],
        settlement: 'postpaid',
        note: '每件兑换品要的积分多，每分的补偿价低，手续费减半',
        ...AGREED,
      },
    },
    {
      pack: 'jeweller',
      terms: {
        points: [{ ...priced('points', 10, 8, 300), acceptedPointsMax: 5_000_000 }],
        settlement: 'postpaid',
        note: '按月设收取上限',
        ...AGREED,
      },
    },
    {
      pack: PREFUNDED,
      terms: {
        points: [priced('points', 10, 6.5, 150), priced('green', 10, 9.5, 100)],
        settlement: 'prefund',
        note: '先存后发',
        ...AGREED,
      },
    },
  ];

/** What the prefunded merchant pays in, in fen: half as much again as its points come to. */
export const depositsOf = ({ members }: Plan) => ({
  firstFen: 200_000 + 300 * members,
  monthFen: 30_000 + 120 * members,
  alertFen: 100_000,
});

const GREEN = new Set(['school-community', 'supermarket', 'scenic-spot', 'green-bank-card']);
const LONG = 730;

/** Every merchant is filed, for that is asked of all; who issues green points was certified and assessed as well. */
export function dossiersOf(plan: Plan) {
  const from = addDays(firstDayOf(plan), -30);
  const document = (pack: string, kind: Schemas['NewDossier']['kind'], days: number) => ({
    pack,
    kind,
    documentNo: `DEMO-${kind}-${pack}`,
    issuingBody: kind === 'filing' ? '主管部门（演示）' : '绿色认证中心（演示）',
    validFrom: momentOf(from, 0),
    validUntil: momentOf(addDays(plan.until, days), 0),
    checkedAt: momentOf(from, 0),
    reference: `demo/${pack}/${kind}.pdf`,
    actor: ACTOR,
  });
  return TRADES.flatMap(({ pack }) => [
    document(pack, 'filing', LONG),
    ...(GREEN.has(pack)
      ? [
          document(pack, 'credit_certification', LONG),
          // One has to be renewed soon; it is not among those that are asked for.
          document(pack, 'third_party_assessment', pack === 'scenic-spot' ? 25 : LONG),
        ]
      : []),
  ]);
}
export const REQUIRED: Schemas['SetDossierRequirement']['kinds'] = ['filing'];
