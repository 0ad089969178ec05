import Type from 'typebox';
import { Code, idOf, nullable, object, PointsShown } from '../../platform/web/schema.ts';

const Counted = object(
  {
    awards: Type.Integer(),
    asked: { ...PointsShown, description: 'What the rules gave,' },
    points: { ...PointsShown, description: 'what caps and budgets left of it,' },
    cut: { ...PointsShown, description: 'and what they cut.' },
  },
  { title: 'SimulatedPoints' },
);
const Cost = object(
  {
    points: PointsShown,
    fen: {
      ...nullable(Type.Integer()),
      description: 'By the guidance value of the point type, rounded down.',
    },
  },
  { title: 'SimulatedCost' },
);
const Change = object(
  { memberId: idOf('member'), before: PointsShown, after: PointsShown },
  { title: 'SimulatedChange' },
);

/** What would have happened: before by the rules there were, after by those that are tried. */
export const SimulationResult = object(
  {
    orders: Type.Integer(),
    refused: object({ before: Type.Integer(), after: Type.Integer() }),
    pointTypes: Type.Array(object({ pointType: Code, before: Counted, after: Counted })),
    rules: Type.Array(
      object({
        ruleVersionId: {
          ...nullable(idOf('ruleVersion')),
          description: 'Null: the merchants’ own ratios.',
        },
        ruleId: nullable(idOf('rule')),
        code: nullable(Type.String()),
        name: nullable(Type.String()),
        pointType: Code,
        before: Counted,
        after: Counted,
      }),
    ),
    funders: Type.Array(
      object({ merchantId: idOf('merchant'), pointType: Code, before: Cost, after: Cost }),
    ),
    members: Type.Array(
      object({
        pointType: Code,
        winners: Type.Integer(),
        losers: Type.Integer(),
        biggestWinners: Type.Array(Change),
        biggestLosers: Type.Array(Change),
      }),
      {
        description:
          'Who would have got more, who less; the hundred biggest of each by name, but not to a merchant’s key.',
      },
    ),
    liability: Type.Array(
      object({
        pointType: Code,
        month: {
          ...nullable(Type.String({ examples: ['2027-12'] })),
          description: 'The last month in which they can be spent; null: for ever.',
        },
        before: PointsShown,
        after: PointsShown,
      }),
      { description: 'What would be outstanding, were nothing spent.' },
    ),
    evidence: object(
      {
        worse: {
          ...Type.Integer(),
          description: 'Orders that would be given less of some points, later, or for shorter.',
        },
        met: Type.Array(
          object({
            ruleVersionId: {
              ...nullable(idOf('ruleVersion')),
              description: 'Null: the merchants’ own ratios.',
            },
            orders: Type.Integer(),
          }),
          { description: 'Orders for which a version gave points before and a draft does after.' },
        ),
        ratios: Type.Array(
          object({ points: Type.Integer(), perFen: Type.Integer(), orders: Type.Integer() }),
          { description: 'Orders for which a draft gives points, by the merchant’s ratio.' },
        ),
      },
      { title: 'SimulationEvidence', description: 'What a publication can be proven by.' },
    ),
  },
  { title: 'SimulationResult' },
);
