import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { useMay, useSession } from '../../app/session.ts';
import { Dialog } from '../../design/dialog.tsx';
import { DialogForm } from '../../design/dialog-form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Price, When } from '../../design/values.tsx';
import { usePointNames } from './point-names.ts';
import { words } from './words.ts';

/** What points without a price between merchants are worth, by cohort. */
export function ValuesCard({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const may = useMay();
  const names = usePointNames();
  const [isNew, setNew] = useState(false);
  const query = useQuery({
    queryKey: ['book-values', programme.code],
    queryFn: ({ signal }) => hongmi.listBookValues({ programme: programme.code }, { signal }),
  });
  return (
    <Card
      title={t.values}
      flush
      actions={
        may('books:write') ? <Button onClick={() => setNew(true)}>{t.setValue}</Button> : undefined
      }
    >
      <Loaded query={query}>
        {({ items }) => (
          <PlainTable
            label={t.values}
            rows={items}
            rowKey={({ pointType, vintage }) => `${pointType} ${vintage}`}
            empty={<Empty title={t.noValues}>{t.valuesAbout}</Empty>}
            columns={[
              { key: 'type', title: t.type, render: ({ pointType }) => names.of(pointType) },
              { key: 'vintage', title: t.vintage, render: ({ vintage }) => vintage },
              {
                key: 'value',
                title: t.value,
                align: 'right',
                render: ({ valueMicroFen }) => <Price microFen={valueMicroFen} />,
              },
              { key: 'reason', title: t.reason, render: ({ reason }) => reason },
              { key: 'actor', title: t.actor, render: ({ actor }) => actor },
              { key: 'at', title: t.at, render: ({ createdAt }) => <When at={createdAt} /> },
            ]}
          />
        )}
      </Loaded>
      <Dialog title={t.setValue} isOpen={isNew} onClose={() => setNew(false)}>
        <SetValue programme={programme} onClose={() => setNew(false)} />
      </Dialog>
    </Card>
  );
}

interface Typed {
  readonly pointType: string;
  readonly vintage: string;
  readonly fen: number;
  readonly reason: string;
}
const DRAFT = 'book-value';
const MICRO = 1_000_000;

function SetValue({
  programme: { code, pointTypes },
  onClose,
}: {
  readonly programme: Programme;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const { staff, actorId } = useSession();
  const needed = [{ required: true, message: t.needed }];
  return (
    <DialogForm
      draft={DRAFT}
      submit={t.setValue}
      send={({ fen, ...typed }: Typed, idempotencyKey) =>
        hongmi.setBookValue(
          {
            ...{ programme: code, actor: staff?.name ?? actorId },
            ...typed,
            valueMicroFen: Math.round(fen * MICRO),
          },
          { idempotencyKey },
        )
      }
      touches={[['book-values', code]]}
      onClose={onClose}
    >
      <p className="hm-soft">{t.valuesAbout}</p>
      <AntForm.Item name="pointType" label={t.type} rules={needed}>
        <Select options={pointTypes.map(({ code: value, name: label }) => ({ value, label }))} />
      </AntForm.Item>
      <AntForm.Item name="vintage" label={t.vintageField} rules={needed}>
        <Input type="month" />
      </AntForm.Item>
      <AntForm.Item name="fen" label={t.valueField} rules={needed}>
        <InputNumber<number> min={0} precision={6} />
      </AntForm.Item>
      <AntForm.Item name="reason" label={t.reason} rules={needed}>
        <Input.TextArea rows={3} maxLength={500} />
      </AntForm.Item>
    </DialogForm>
  );
}
