import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePointTypeNames } from '../../app/point-types.ts';
import type { Column } from '../../design/column.ts';
import { Card, Facts, Figure } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, Money, None, Points } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import type { Rule } from './rule.ts';
import { SimulatedDays } from './simulated-days.tsx';
import { tryWords } from './try-words.ts';

type Schemas = components['schemas'];
type Result = Schemas['SimulationResult'];
interface Pair {
  readonly before: number;
  readonly after: number;
}

/** What history would have been: points, who pays, what would be outstanding, who wins and loses. */
export function SimulationShown({
  rule,
  simulation,
  result,
  actions,
}: {
  readonly rule: Rule;
  readonly simulation: Schemas['Simulation'];
  readonly result: Result;
  readonly actions: ReactNode;
}) {
  const t = useWords(tryWords);
  const f = useFormat();
  const names = usePointTypeNames();
  const nameOf = (pointType: string): string => names.get(pointType) ?? pointType;
  const type = <R extends { readonly pointType: string }>(): Column<R> => ({
    key: 'type',
    title: t.pointType,
    render: ({ pointType }) => nameOf(pointType),
    value: ({ pointType }) => pointType,
  });
  // By ratio each order stands once; by what gave it points before (`met`) as often as there were several.
  const met = result.evidence.ratios.reduce((sum, { orders }) => sum + orders, 0);
  return (
    <>
      <Card
        title={
          <>
            {t.result} · <SimulatedDays of={simulation} />
          </>
        }
        actions={actions}
      >
        <Facts
          rows={[
            [t.orders, f.number(result.orders)],
            [t.rules, t.rulesOf[`of_${simulation.rules}`]],
            [t.met, f.number(met)],
            [t.worse, f.number(result.evidence.worse)],
            [t.refused, result.refused.after === 0 ? null : f.number(result.refused.after)],
          ]}
        />
      </Card>
      <div className="hm-figures">
        {result.pointTypes.map(({ pointType, before, after }) => (
          <Figure
            key={pointType}
            name={nameOf(pointType)}
            value={<Points value={after.points} />}
            more={<Change before={before.points} after={after.points} />}
          />
        ))}
        {result.members.map(({ pointType, winners, losers }) => (
          <Figure
            key={`members ${pointType}`}
            name={`${t.winners} · ${nameOf(pointType)}`}
            value={f.number(winners)}
            more={`${t.losers}: ${f.number(losers)}`}
          />
        ))}
      </div>
      <Card title={t.byRule} flush>
        <PlainTable
          label={t.byRule}
          rows={result.rules}
          rowKey={({ ruleVersionId, pointType }) => `${ruleVersionId} ${pointType}`}
          exportAs={`${rule.code}-simulation-rules`}
          columns={[
            {
              key: 'rule',
              title: t.byRule,
              render: ({ name, code }) => (code === null ? t.ratio : `${name} (${code})`),
              value: ({ code }) => code ?? t.ratio,
            },
            type(),
            ...pairColumns<Result['rules'][number]>(t, ({ before, after }) => ({
              before: before.points,
              after: after.points,
            })),
            {
              key: 'cut',
              title: t.cut,
              align: 'right',
              render: ({ after }) => <Points value={after.cut} />,
              value: ({ after }) => after.cut,
            },
          ]}
        />
      </Card>
      <Card title={t.funders} flush>
        <PlainTable
          label={t.funders}
          rows={result.funders}
          rowKey={({ merchantId, pointType }) => `${merchantId} ${pointType}`}
          exportAs={`${rule.code}-simulation-funders`}
          columns={[
            {
              key: 'merchant',
              title: t.merchant,
              render: ({ merchantId }) => <Merchant id={merchantId} />,
              value: ({ merchantId }) => merchantId,
            },
            type(),
            ...pairColumns<Result['funders'][number]>(t, ({ before, after }) => ({
              before: before.points,
              after: after.points,
            })),
            {
              key: 'cost',
              title: t.cost,
              align: 'right',
              render: ({ after }) => (after.fen === null ? <None /> : <Money fen={after.fen} />),
              value: ({ after }) => (after.fen === null ? null : after.fen / 100),
            },
          ]}
        />
      </Card>
      <Card title={t.liability} flush>
        <PlainTable
          label={t.liability}
          rows={result.liability}
          rowKey={({ month, pointType }) => `${month} ${pointType}`}
          exportAs={`${rule.code}-simulation-liability`}
          columns={[
            {
              key: 'month',
              title: t.month,
              render: ({ month }) => month ?? t.forEver,
              value: ({ month }) => month ?? t.forEver,
            },
            type(),
            ...pairColumns<Result['liability'][number]>(t, (row) => row),
          ]}
        />
      </Card>
      {result.members.map((each) => (
        <div key={each.pointType} className="hm-columns">
          <Members title={t.biggestWinners} rows={each.biggestWinners} />
          <Members title={t.biggestLosers} rows={each.biggestLosers} />
        </div>
      ))}
    </>
  );
}

function Members({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly Schemas['SimulatedChange'][];
}) {
  const t = useWords(tryWords);
  if (rows.length === 0) return null;
  return (
    <Card title={title} flush>
      <PlainTable
        label={title}
        rows={rows}
        rowKey={({ memberId }) => memberId}
        columns={[
          {
            key: 'member',
            title: t.member,
            render: ({ memberId }) => (
              <Link href={`~/console/members/${memberId}`}>
                <Code short>{memberId}</Code>
              </Link>
            ),
            value: ({ memberId }) => memberId,
          },
          ...pairColumns<Schemas['SimulatedChange']>(t, (row) => row),
        ]}
      />
    </Card>
  );
}

type Said = Record<'before' | 'after' | 'change', string>;

/** Before, after, and by how much. */
function pairColumns<Row>(t: Said, read: (row: Row) => Pair): Column<Row>[] {
  return [
    {
      key: 'before',
      title: t.before,
      align: 'right',
      sortable: true,
      render: (row) => <Points value={read(row).before} />,
      value: (row) => read(row).before,
    },
    {
      key: 'after',
      title: t.after,
      align: 'right',
      sortable: true,
      render: (row) => <Points value={read(row).after} />,
      value: (row) => read(row).after,
    },
    {
      key: 'change',
      title: t.change,
      align: 'right',
      sortable: true,
      render: (row) => <Points value={read(row).after - read(row).before} signed />,
      value: (row) => read(row).after - read(row).before,
    },
  ];
}

function Change({ before, after }: Pair) {
  const t = useWords(tryWords);
  const f = useFormat();
  const share = before === 0 ? '' : ` (${f.percent((after - before) / before)})`;
  return (
    <>
      {t.change} {f.signed(after - before)}
      {share}
    </>
  );
}
