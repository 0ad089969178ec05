import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { dropDraft, Form } from '../../../design/form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Code, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './words.ts';

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

interface Typed {
  readonly party: string;
  readonly title: string;
  readonly taxNumber: string;
  readonly address: string;
  readonly phone: string;
  readonly bank: string;
  readonly bankAccount: string;
  readonly handsOut: Title['handsOut'];
}
const DRAFT = 'invoice-title';

function SetTitle({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const [form] = AntForm.useForm<Typed>();
  const write = useWrite(
    ({ party, ...typed }: Typed, idempotencyKey) =>
      hongmi.setInvoiceTitle(
        {
          ...{ programme: code, actor },
          ...typed,
          ...(party !== 'platform' && { merchantId: party }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['invoice-titles'], ['clearing-invoices']],
      done: () => {
        dropDraft(DRAFT);
        onClose();
      },
    },
  );
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  const field = (name: keyof Typed, label: string, maxLength: number) => (
    <AntForm.Item name={name} label={label} rules={needed}>
      <Input maxLength={maxLength} />
    </AntForm.Item>
  );
  return (
    <Form
      draft={DRAFT}
      form={form}
      initial={{ handsOut: 'goods' }}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.setTitle}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.titlesAbout}</p>
      <AntForm.Item name="party" label={t.party} rules={needed}>
        <MerchantSelect withPlatform />
      </AntForm.Item>
      {field('title', t.name, 100)}
      {field('taxNumber', t.taxNumber, 20)}
      {field('address', t.address, 200)}
      {field('phone', t.phone, 40)}
      {field('bank', t.bank, 100)}
      {field('bankAccount', t.bankAccount, 32)}
      <AntForm.Item name="handsOut" label={t.handsOut} rules={needed}>
        <Radio.Group
          options={(['goods', 'reduced_goods', 'service'] as const).map((value) => ({
            value,
            label: t.handsOuts[value],
          }))}
        />
      </AntForm.Item>
    </Form>
  );
}
