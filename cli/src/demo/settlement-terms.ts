import type { components } from '@hongmi/sdk';
import { addDays, momentOf } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';
import { TRADES } from './year/trades.ts';

type Schemas = components['schemas'];
type Points = Schemas['PointTermsAsked'];
type Terms = Omit<Schemas['PublishTerms'], 'programme' | 'merchantId' | 'from' | 'actor'>;

const MICRO_FEN = 1_000_000;

/** What is owed for a point and what is paid for it, in fen, and the fee in basis points of the latter. */
function priced(pointType: string, owed: number, paid: number, feeBasisPoints: number): Points {
  return {
    pointType,
    issuePriceMicroFen: owed * MICRO_FEN,
    reimbursementMicroFen: paid * MICRO_FEN,
    feeBasisPoints,
  };
}

const AGREED = { cycle: 'month', paymentTermDays: 10 } as const;

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
  monthFen: 20_000 + 100 * members,
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
export const REQUIRED = ['filing'] as const;

/** Where merchants are paid, the platform's fees go, and the licensed company holds the money: numbers of nobody. */
export function accountsOf() {
  const account = (place: number) => ({
    ...{ bank: '演示银行', cnaps: '102290000012' },
    accountNumber: `6222${String(place).padStart(12, '0')}`,
  });
  return [
    { pack: null, role: 'custody' as const, holder: '演示支付有限公司', ...account(1) },
    { pack: null, role: 'operator' as const, holder: '红米演示联盟', ...account(2) },
    ...TRADES.map(({ pack }, place) => ({
      ...{ pack, role: 'merchant' as const, holder: `演示商户 ${place + 1}` },
      ...account(place + 11),
    })),
  ];
}

/** How many of a million points are thought never to be used: history has nothing to say in a first year, so somebody does. */
export const estimatesOf = (plan: Plan) =>
  [
    { after: 0, breakagePpm: 50_000, reason: '首年没有历史，按同类计划估计 5 %' },
    { after: 180, breakagePpm: 30_000, reason: '半年来过期少于预期，改为 3 %' },
  ].map(({ after, ...override }) => ({
    pointType: 'points',
    from: momentOf(addDays(firstDayOf(plan), after), 0),
    override,
  }));
