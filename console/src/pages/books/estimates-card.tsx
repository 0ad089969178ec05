import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import type { Column } from '../../design/column.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { None, When } from '../../design/values.tsx';
import { usePointNames } from './point-names.ts';
import { words } from './words.ts';

const NewEstimate = laterPart(() => import('./new-estimate.tsx'), 'NewEstimate');

type Estimate = Item<'listBreakageEstimates'>;
/** Parts of a million. */
const PPM = 1_000_000;

/** How much is expected never to be used: what history says, how sure that is, and what was decided. */
export function EstimatesCard({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const may = useMay();
  const [isNew, setNew] = useState(false);
  const { code } = programme;
  const columns = useColumns();
  return (
    <Card
      title={t.estimates}
      flush
      actions={
        may('books:write') ? <Button onClick={() => setNew(true)}>{t.estimate}</Button> : undefined
      }
    >
      <Table
        label={t.estimates}
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['estimates', code]}
        load={(cursor, signal) =>
          hongmi.listBreakageEstimates({ programme: code, cursor, limit: 50 }, { signal })
        }
        exportAs="estimates"
        empty={<Empty title={t.noEstimates}>{t.estimatesAbout}</Empty>}
      />
      <Dialog title={t.estimate} isOpen={isNew} onClose={() => setNew(false)}>
        <NewEstimate programme={programme} onClose={() => setNew(false)} />
      </Dialog>
    </Card>
  );
}

function useColumns(): readonly Column<Estimate>[] {
  const t = useWords(words);
  const f = useFormat();
  const names = usePointNames();
  const percent = (ppm: number): string => f.percent(ppm / PPM, 2);
  return [
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => names.of(pointType),
      value: ({ pointType }) => names.of(pointType),
      sortable: true,
    },
    {
      key: 'from',
      title: t.from2,
      render: ({ from }) => <When at={from} />,
      value: ({ from }) => from,
      sortable: true,
    },
    {
      key: 'breakage',
      title: t.breakage,
      render: ({ breakagePpm }) => percent(breakagePpm),
      value: ({ breakagePpm }) => breakagePpm / PPM,
      align: 'right',
    },
    {
      key: 'method',
      title: t.method,
      render: ({ method }) => t.methods[method],
      value: ({ method }) => t.methods[method],
    },
    {
      key: 'history',
      title: t.history,
      align: 'right',
      render: ({ history }) =>
        history.breakagePpm === null ? <None /> : percent(history.breakagePpm),
      value: ({ history }) => (history.breakagePpm === null ? null : history.breakagePpm / PPM),
    },
    {
      key: 'error',
      title: t.error,
      align: 'right',
      render: ({ history }) =>
        history.standardErrorPpm === null ? <None /> : `± ${percent(history.standardErrorPpm)}`,
      value: ({ history }) =>
        history.standardErrorPpm === null ? null : history.standardErrorPpm / PPM,
    },
    {
      key: 'cohorts',
      title: t.vintage,
      render: ({ history }) =>
        history.sufficient ? t.sufficient(f.number(history.cohorts)) : t.insufficient,
      value: ({ history }) => history.cohorts,
    },
    {
      key: 'reason',
      title: t.reason,
      render: ({ reason }) => (reason === null ? <None /> : <span>{reason}</span>),
      value: ({ reason }) => reason,
    },
    { key: 'actor', title: t.actor, render: ({ actor }) => actor, value: ({ actor }) => actor },
  ];
}
