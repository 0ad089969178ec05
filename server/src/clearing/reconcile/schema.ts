import Type from 'typebox';
import { Code, InstantText, nullable, object } from '../../platform/web/schema.ts';
import { COMPARISONS, type Comparison } from './finding.ts';

const Sum = (description: string) => Type.String({ pattern: '^-?\\d+$', description });

const FindingShown = object(
  {
    id: Type.Integer(),
    code: Type.Unsafe<Comparison>({ type: 'string', enum: Object.keys(COMPARISONS) }),
    about: Type.String({ examples: ['clp_01h455vb4pex5vsknk084sn02q points mer_… → mer_…'] }),
    message: Type.String({ description: 'In English.' }),
    messageZh: Type.String({ description: 'In Chinese.' }),
    expected: Type.String(),
    found: Type.String(),
    firstSeenAt: InstantText,
    lastSeenAt: InstantText,
    seen: Type.Integer({ description: 'How often it was come upon.' }),
  },
  { title: 'ClearingFinding' },
);

export const NewReconciliation = object(
  { programme: Type.Optional(Code) },
  { title: 'NewReconciliation' },
);

export const ReconciliationShown = object(
  {
    programme: Code,
    at: InstantText,
    ok: Type.Boolean({ description: 'Nothing is left that does not add up.' }),
    checks: Type.Integer({ description: 'How many things were compared.' }),
    differences: Type.Integer({ description: 'How many of them were not the same.' }),
    outstanding: Type.Array(
      object(
        {
          pointType: Code,
          lotPoints: Sum('What lots hold.'),
          accountPoints: Sum('What the accounts of members hold.'),
          bookPoints: nullable(Sum('What the closed books say, with everything since.')),
          lotMicroFen: Sum('What lots hold, at what they cost.'),
          bookMicroFen: nullable(Sum('The same by the books.')),
        },
        { title: 'ReconciledPoints' },
      ),
    ),
    money: object(
      {
        closedPeriods: Type.Integer(),
        closedBooks: Type.Integer(),
        owedMicroFen: Sum('Accrued in closed periods.'),
        clearedMicroFen: Sum('Of it in positions.'),
        carriedMicroFen: Sum('Of it carried into the next period.'),
      },
      { title: 'ReconciledMoney' },
    ),
    findings: Type.Array(FindingShown, {
      description: 'Those that are not resolved, oldest first.',
    }),
  },
  {
    title: 'Reconciliation',
    description:
      'Whether ledger, clearing and books say the same. Sums are text: they pass what a number can say.',
  },
);
export type ReconciliationShown = Type.Static<typeof ReconciliationShown>;

export const LastReconciliation = object(
  { last: nullable(ReconciliationShown) },
  { title: 'LastReconciliation', description: 'Null before anything was compared.' },
);
