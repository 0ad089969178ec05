import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
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
import { Code, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './words.ts';

const SetTitle = laterPart(() => import('./set-title.tsx'), 'SetTitle');

type Title = Item<'listInvoiceTitles'>;

/** In whose names invoices are made. */
export function TitlesCard() {
  const t = useWords(words);
  const may = useMay();
  const code = useCode();
  const { merchantId: own } = useMe();
  const [isNew, setNew] = useState(false);
  const columns: readonly Column<Title>[] = [
    {
      key: 'party',
      title: t.party,
      render: ({ merchantId }) => <Party id={merchantId ?? 'platform'} />,
    },
    { key: 'name', title: t.name, render: ({ title }) => title, value: ({ title }) => title },
    { key: 'tax', title: t.taxNumber, render: ({ taxNumber }) => <Code>{taxNumber}</Code> },
    {
      key: 'address',
      title: t.address,
      render: ({ address, phone }) => (
        <div className="hm-clip">
          {address} · {phone}
        </div>
      ),
    },
    {
      key: 'bank',
      title: t.bank,
      render: ({ bank, bankAccount }) => (
        <>
          {bank} <Code>{bankAccount}</Code>
        </>
      ),
    },
    { key: 'hands', title: t.handsOut, render: ({ handsOut }) => t.handsOuts[handsOut] },
    {
      key: 'at',
      title: t.at,
      render: ({ madeAt, actor }) => (
        <>
          <When at={madeAt} /> · {actor}
        </>
      ),
    },
  ];
  return (
    <Card
      title={t.titles}
      flush
      actions={
        may('clearing:write') && own === null ? (
          <Button onClick={() => setNew(true)}>{t.setTitle}</Button>
        ) : undefined
      }
    >
      <Table
        label={t.titles}
        columns={columns}
        rowKey={({ merchantId, number }) => `${merchantId} ${number}`}
        queryKey={['invoice-titles', code]}
        load={(cursor, signal) =>
          hongmi.listInvoiceTitles({ programme: code, cursor, limit: 50 }, { signal })
        }
        empty={<Empty title={t.noTitles}>{t.titlesAbout}</Empty>}
      />
      <Dialog title={t.setTitle} isOpen={isNew} onClose={() => setNew(false)}>
        <SetTitle onClose={() => setNew(false)} />
      </Dialog>
    </Card>
  );
}
