import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, InputNumber } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { dropDraft, Form } from '../../design/form.tsx';
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
  const [form] = AntForm.useForm<{ total: number | null }>();
  const stockKey = ['reward', id, 'stock'];
  const stock = useQuery({
    queryKey: stockKey,
    queryFn: ({ signal }) => hongmi.getRewardStock({ id }, { signal }),
  });
  const quotas = useQuery({
    queryKey: ['reward', id, 'quotas'],
    queryFn: ({ signal }) => hongmi.getRewardQuotas({ id }, { signal }),
  });
  const draft = `stock-${id}`;
  const set = useWrite(
    (asked: { readonly total: number | null }, idempotencyKey) =>
      hongmi.setRewardStock({ id, ...asked }, { idempotencyKey }),
    { touches: [stockKey], done: () => dropDraft(draft) },
  );
  const count = (value: number | null): string => (value === null ? t.unlimited : f.number(value));
  return (
    <Card title={t.stock}>
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
            {may('rewards:write') ? (
              <Form<{ total: number | null }>
                draft={draft}
                form={form}
                initial={{ total }}
                submit={t.setStock}
                isSending={set.isSending}
                failure={set.failure}
                onSubmit={({ total: wanted }) => void set.send({ total: wanted ?? null })}
              >
                <AntForm.Item name="total" label={t.total} help={t.totalHint}>
                  <InputNumber min={0} precision={0} style={{ width: 200 }} />
                </AntForm.Item>
              </Form>
            ) : null}
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
