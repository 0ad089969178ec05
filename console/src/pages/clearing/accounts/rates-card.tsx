import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { dropDraft, Form } from '../../../design/form.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { words } from './words.ts';

type Rates = Item<'listTaxRates'>;
/** In a percent. */
const BASIS_POINTS = 100;

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

interface Typed {
  readonly from: string;
  readonly standard: number;
  readonly reduced: number;
  readonly service: number;
}
const DRAFT = 'tax-rates';

function SetRates({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const [form] = AntForm.useForm<Typed>();
  const write = useWrite(
    ({ from, standard, reduced, service }: Typed, idempotencyKey) =>
      hongmi.setTaxRates(
        {
          ...{ programme: code, from, actor },
          standardBasisPoints: Math.round(standard * BASIS_POINTS),
          reducedBasisPoints: Math.round(reduced * BASIS_POINTS),
          serviceBasisPoints: Math.round(service * BASIS_POINTS),
        },
        { idempotencyKey },
      ),
    {
      touches: [['tax-rates']],
      done: () => {
        dropDraft(DRAFT);
        onClose();
      },
    },
  );
  const needed = [{ required: true, message: t.needed }];
  const percent = (name: keyof Typed, label: string) => (
    <AntForm.Item name={name} label={label} rules={needed}>
      <InputNumber<number> min={0} max={100} precision={2} suffix={t.percent} />
    </AntForm.Item>
  );
  return (
    <Form
      draft={DRAFT}
      form={form}
      initial={{ standard: 13, reduced: 9, service: 6 }}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.setRates}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.ratesAbout}</p>
      <AntForm.Item name="from" label={t.from} rules={needed}>
        <Input type="date" />
      </AntForm.Item>
      {percent('standard', t.standard)}
      {percent('reduced', t.reduced)}
      {percent('service', t.service)}
    </Form>
  );
}
