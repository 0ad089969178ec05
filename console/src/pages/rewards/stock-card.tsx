import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Form as AntForm, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Dialog } from '../../design/dialog.tsx';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Points } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

/** How much there is of a reward, and how much each merchant may still give out. */
export function StockCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const [isSetting, setSetting] = useState(false);
  const stockKey = ['reward', id, 'stock'];
  const stock = useQuery({
    queryKey: stockKey,
    queryFn: ({ signal }) => hongmi.getRewardStock({ id }, { signal }),
  });
  const quotas = useQuery({
    queryKey: ['reward', id, 'quotas'],
    queryFn: ({ signal }) => hongmi.getRewardQuotas({ id }, { signal }),
  });
  const count = (value: number | null): string => (value === null ? t.unlimited : f.number(value));
  return (
    <Card
      title={t.stock}
      actions={
        may('rewards:write') ? (
          <Button onClick={() => setSetting(true)}>{t.setStock}</Button>
        ) : undefined
      }
    >
      <Loaded query={stock} rows={2}>
        {({ total, reserved, sold, left }) => (
          <div className="hm-stack">
            <Facts
              rows={[
                [t.total, count(total)],
                [t.left, count(left)],
                [t.reserved, f.number(reserved)],
                [t.sold, f.number(sold)],
              ]}
            />
            <Dialog title={t.setStock} isOpen={isSetting} onClose={() => setSetting(false)}>
              <SetTotal id={id} total={total} touches={stockKey} close={() => setSetting(false)} />
            </Dialog>
          </div>
        )}
      </Loaded>
      <Loaded query={quotas} rows={1}>
        {({ quotas: list }) =>
          list.length === 0 ? null : (
            <PlainTable
              label={t.quotas}
              rows={list}
              rowKey={({ merchantId, per }) => `${merchantId} ${per}`}
              columns={[
                {
                  key: 'merchant',
                  title: t.merchant,
                  render: ({ merchantId }) => <Merchant id={merchantId} />,
                },
                {
                  key: 'per',
                  title: t.quotas,
                  render: ({ per, times }) => `${f.number(times)} ${t.times} ${t.per[per]}`,
                },
                {
                  key: 'used',
                  title: t.used,
                  align: 'right',
                  render: ({ used }) => <Points value={used} />,
                },
                {
                  key: 'left',
                  title: t.left,
                  align: 'right',
                  render: ({ left }) => <Points value={left} />,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

interface TotalValues {
  readonly total: number | null;
}

function SetTotal({
  id,
  total,
  touches,
  close,
}: TotalValues & {
  readonly id: string;
  readonly touches: QueryKey;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<TotalValues>();
  const draft = `stock-${id}`;
  const leave = (): void => {
    dropDraft(draft);
    close();
  };
  const set = useWrite(
    (asked: TotalValues, idempotencyKey) =>
      hongmi.setRewardStock({ id, ...asked }, { idempotencyKey }),
    { touches: [touches], done: leave },
  );
  return (
    <Form<TotalValues>
      draft={draft}
      form={form}
      initial={{ total }}
      submit={t.setStock}
      isSending={set.isSending}
      failure={set.failure}
      onSubmit={({ total: wanted }) => void set.send({ total: wanted ?? null })}
      onCancel={leave}
    >
      <AntForm.Item name="total" label={t.total} extra={t.totalHint}>
        <InputNumber min={0} precision={0} style={{ width: '100%' }} />
      </AntForm.Item>
    </Form>
  );
}
