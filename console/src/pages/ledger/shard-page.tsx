import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Code, When } from '../../design/values.tsx';
import type { BlockShown } from './verifier.ts';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about: '一条链的区块，最新的在先。会员固定属于一个分片。',
    upTo: '从哪个区块往下看',
    show: '查看',
    empty: '这条链还没有区块',
    emptyWhy: '属于这个分片的会员有第一笔积分时，它就会开始。',
  },
  en: {
    about: 'The blocks of one chain, newest first. A member belongs to one shard for good.',
    upTo: 'Begin with block',
    show: 'Show',
    empty: 'This chain has no blocks yet',
    emptyWhy: 'It begins with the first points of a member who belongs to this shard.',
  },
});

export function ShardPage({ shard }: { readonly shard: number }) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const [, go] = useLocation();
  const [text, setFilter] = useFilter('upTo');
  const upTo = text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
  const [typed, setTyped] = useState<number | null>(upTo ?? null);
  return (
    <Page
      title={w.shardOf(String(shard))}
      about={t.about}
      above={<Link href="/">{w.ledger}</Link>}
      actions={<Button onClick={() => go(`/verify?shard=${shard}`)}>{w.verifyHere}</Button>}
    >
      <Card flush>
        <form
          className="hm-filters hm-card-body"
          onSubmit={(event) => {
            event.preventDefault();
            setFilter(typed === null ? undefined : String(typed));
          }}
        >
          <label>
            {t.upTo}
            <InputNumber min={1} precision={0} value={typed} onChange={setTyped} />
          </label>
          <Button htmlType="submit">{t.show}</Button>
        </form>
        <Table<BlockShown>
          label={w.blocks}
          queryKey={['ledger', 'blocks', shard, upTo]}
          load={(cursor, signal) =>
            hongmi.listBlocks(
              { shard, ...(upTo && { upTo }), ...(cursor && { cursor }) },
              { signal },
            )
          }
          rowKey={({ number }) => String(number)}
          exportAs={`ledger-shard-${shard}`}
          empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
          columns={[
            {
              key: 'number',
              title: w.block,
              render: ({ number }) => (
                <Link href={`/shards/${shard}/${number}`}>{f.number(number)}</Link>
              ),
              value: ({ number }) => number,
            },
            {
              key: 'recordedAt',
              title: w.recordedAt,
              render: ({ recordedAt }) => <When at={recordedAt} />,
              value: ({ recordedAt }) => recordedAt,
            },
            {
              key: 'transactions',
              title: w.transactions,
              align: 'right',
              render: ({ transactions }) => f.number(transactions),
              value: ({ transactions }) => transactions,
              sortable: true,
            },
            {
              key: 'entries',
              title: w.entries,
              align: 'right',
              render: ({ entries }) => f.number(entries),
              value: ({ entries }) => entries,
              sortable: true,
            },
            {
              key: 'seal',
              title: w.sealedBy,
              render: ({ seal }) =>
                seal === null ? (
                  <span className="hm-soft">{w.notSealed}</span>
                ) : (
                  <Link href={`/seals/${seal}`}>{w.sealOf(f.number(seal))}</Link>
                ),
              value: ({ seal }) => seal,
            },
            {
              key: 'hash',
              title: w.hash,
              render: ({ hash }) => <Code short>{hash}</Code>,
              value: ({ hash }) => hash,
            },
            {
              key: 'previousHash',
              title: w.previousHash,
              render: ({ previousHash }) => <Code short>{previousHash}</Code>,
              value: ({ previousHash }) => previousHash,
            },
          ]}
        />
      </Card>
    </Page>
  );
}
