import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import type { Column } from '../../design/column.ts';
import { DownloadMenu } from '../../design/download.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, CopyButton, Money, None, Points, When } from '../../design/values.tsx';
import { ClosingLiability, useRollForward } from './liability.tsx';
import { usePointNames } from './point-names.ts';
import { words } from './words.ts';

type RollForward = components['schemas']['RollForward'];
type Row = Omit<RollForward['cohorts'][number], 'vintage' | 'breakagePpm'> & {
  readonly vintage?: string;
  readonly breakagePpm?: number | null;
};
const COLUMNS = [
  'opening',
  'issued',
  'moved',
  'takenBack',
  'redeemed',
  'settled',
  'expired',
  'breakage',
  'catchUp',
  'closing',
] as const;
/** Parts of a million. */
const PPM = 1_000_000;

export function BookPeriodPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const query = useRollForward(id);
  const totals = useColumns(false);
  const cohorts = useColumns(true);
  return (
    <Loaded query={query}>
      {({ period, totals: sums, cohorts: rows }) => (
        <Page
          above={<Link href="/">{t.above}</Link>}
          title={t.number(f.number(period.number))}
          actions={<Files id={id} />}
        >
          <ClosingLiability id={id} />
          <Card>
            <Facts
              rows={[
                [t.from, <When key="from" at={period.from} />],
                [t.until, <When key="until" at={period.until} />],
                [t.closedAt, <When key="closed" at={period.closedAt} />],
                [
                  t.hash,
                  <span key="hash">
                    <Code>{period.figuresHash}</Code> <CopyButton text={period.figuresHash} />
                  </span>,
                ],
              ]}
            />
          </Card>
          <Card title={`${t.rolls} · ${t.totals}`} flush>
            <PlainTable<Row>
              label={`${t.rolls} · ${t.totals}`}
              columns={totals}
              rowKey={({ pointType }) => pointType}
              rows={sums}
              exportAs={`roll-forward-${period.number}`}
            />
          </Card>
          <Card title={`${t.rolls} · ${t.cohorts}`} flush>
            <PlainTable<Row>
              label={`${t.rolls} · ${t.cohorts}`}
              columns={cohorts}
              rowKey={({ pointType, vintage }) => `${pointType} ${vintage}`}
              rows={rows}
              exportAs={`cohorts-${period.number}`}
            />
          </Card>
        </Page>
      )}
    </Loaded>
  );
}

function Files({ id }: { readonly id: string }) {
  const t = useWords(words);
  const paper = (format: 'html' | 'pdf' | 'xlsx', lang: 'zh' | 'en') => ({
    key: `${format}-${lang}`,
    label: `${format.toUpperCase()} · ${lang === 'en' ? 'English' : '中文'}`,
    load: () => hongmi.download('getRollForwardPaper', { id, format, lang }),
  });
  const journal = (format: 'csv' | 'beancount' | 'hledger', lang: 'zh' | 'en') => ({
    key: `${format}-${lang}`,
    label: `${format === 'csv' ? 'CSV' : format} · ${lang === 'en' ? 'English' : '中文'}`,
    load: () => hongmi.download('getJournal', { id, format, lang }),
  });
  return (
    <>
      <DownloadMenu
        label={t.paper}
        files={[
          paper('pdf', 'zh'),
          paper('pdf', 'en'),
          paper('xlsx', 'zh'),
          paper('xlsx', 'en'),
          paper('html', 'zh'),
          {
            key: 'csv',
            label: 'CSV · SHA-256',
            load: () => hongmi.download('getRollForwardFile', { id }),
          },
        ]}
      />
      <DownloadMenu
        label={t.journal}
        files={[
          journal('csv', 'zh'),
          journal('csv', 'en'),
          journal('beancount', 'zh'),
          journal('beancount', 'en'),
          journal('hledger', 'zh'),
          journal('hledger', 'en'),
        ]}
      />
    </>
  );
}

/** In points above and in money beneath; what has no column in one of them is left blank there. */
function useColumns(withCohort: boolean): readonly Column<Row>[] {
  const t = useWords(words);
  const f = useFormat();
  const names = usePointNames();
  return [
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => names.of(pointType),
      value: ({ pointType }) => names.of(pointType),
    },
    ...(withCohort
      ? [
          {
            key: 'vintage',
            title: t.vintage,
            render: ({ vintage }: Row) => <span className="hm-number">{vintage}</span>,
            value: ({ vintage }: Row) => vintage ?? null,
            sortable: true,
          },
          {
            key: 'rate',
            title: t.rate,
            align: 'right' as const,
            render: ({ breakagePpm }: Row) =>
              typeof breakagePpm === 'number' ? f.percent(breakagePpm / PPM, 2) : <None />,
            value: ({ breakagePpm }: Row) =>
              typeof breakagePpm === 'number' ? breakagePpm / PPM : null,
          },
        ]
      : []),
    ...COLUMNS.map(
      (key): Column<Row> => ({
        key,
        title: t.cols[key],
        align: 'right',
        render: ({ pointType, points, fen }) => (
          <>
            <div>
              {key in points ? (
                <Points
                  value={points[key as keyof typeof points]}
                  scale={names.scaleOf(pointType)}
                />
              ) : (
                <None />
              )}
            </div>
            <div className="hm-soft">
              {key in fen ? <Money fen={fen[key as keyof typeof fen]} /> : <None />}
            </div>
          </>
        ),
        value: ({ fen, points }) =>
          key in fen ? fen[key as keyof typeof fen] / 100 : points[key as keyof typeof points],
      }),
    ),
  ];
}
