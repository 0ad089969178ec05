import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { BASIS_POINTS } from './basis-points.ts';
import { words } from './words.ts';

const SetRates = laterPart(() => import('./set-rates.tsx'), 'SetRates');

type Rates = Item<'listTaxRates'>;
/** By which rates fees and hand-outs are taxed, and since when. */
export function RatesCard() {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const code = useCode();
  const { merchantId: own } = useMe();
  const [isNew, setNew] = useState(false);
  const rate = (
    key: 'standardBasisPoints' | 'reducedBasisPoints' | 'serviceBasisPoints',
    title: string,
  ): Column<Rates> => ({
    key,
    title,
    align: 'right',
    render: (row) => f.percent(row[key] / (100 * BASIS_POINTS), 2),
  });
  return (
    <Card
      title={t.rates}
      flush
      actions={
        may('clearing:write') && own === null ? (
          <Button onClick={() => setNew(true)}>{t.setRates}</Button>
        ) : undefined
      }
    >
      <Table
        label={t.rates}
        columns={[
          { key: 'from', title: t.from, render: ({ from }) => f.date(from) },
          rate('standardBasisPoints', t.standard),
          rate('reducedBasisPoints', t.reduced),
          rate('serviceBasisPoints', t.service),
          {
            key: 'at',
            title: t.at,
            render: ({ madeAt, actor }) => (
              <>
                <When at={madeAt} /> · {actor}
              </>
            ),
          },
        ]}
        rowKey={({ number }) => String(number)}
        queryKey={['tax-rates', code]}
        load={(cursor, signal) =>
          hongmi.listTaxRates({ programme: code, cursor, limit: 50 }, { signal })
        }
        empty={<Empty title={t.noRates}>{t.ratesAbout}</Empty>}
      />
      <Dialog title={t.setRates} isOpen={isNew} onClose={() => setNew(false)}>
        <SetRates onClose={() => setNew(false)} />
      </Dialog>
    </Card>
  );
}
