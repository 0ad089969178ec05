import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { hongmi } from '../../app/api.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { When } from '../../design/values.tsx';
import { receiptWords } from './receipt-words.ts';

/** Where what made a lot stands in the chain. Whoever keeps the answer can show later that it was there, and said this. */
export function ReceiptCard({ transactionId: id }: { readonly transactionId: string }) {
  const t = useWords(receiptWords);
  const f = useFormat();
  const query = useQuery({
    queryKey: ['transaction', id],
    queryFn: ({ signal }) => hongmi.getTransaction({ id }, { signal }),
  });
  return (
    <Card title={t.title}>
      <Loaded query={query} rows={4}>
        {(answer) => {
          const { shard, block, position, hash, recordedAt } = answer.receipt;
          const save = (): void =>
            saveBlob(
              new Blob([JSON.stringify(answer)], { type: 'application/json' }),
              `${id}.json`,
            );
          return (
            <>
              <Facts
                rows={[
                  [t.recordedAt, <When key="at" at={recordedAt} />],
                  [t.place, t.at(f.number(shard), f.number(block), f.number(position))],
                  [
                    t.hash,
                    <span key="hash" className="hm-code">
                      {hash}
                    </span>,
                  ],
                ]}
              />
              <p className="hm-soft">{t.about}</p>
              <div className="hm-actions">
                <Button onClick={save}>{t.save}</Button>
              </div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
