import { SafetyCertificateOutlined } from '@ant-design/icons';
import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Figure, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about:
      '每一笔积分都写在这里，一块接一块。不必相信运行它的人：每个哈希都可以在您的浏览器里重新算一遍。',
    chains: '各条链',
    sealed: '已封印到',
    all: '全部已封印',
    waiting: (count: string) => `${count} 块待封印`,
    empty: '还没有区块',
    lastSeal: '最近的封印',
    noSeal: '还没有封印',
    openFindings: '待确认的发现',
    noFindings: '没有',
    ofShards: (count: string) => `分布在 ${count} 个分片`,
    verifyAll: '在浏览器里核验',
    findingsWhy: '对账每分钟重放新区块',
  },
  en: {
    about:
      'Every point stands here, block after block. Nobody has to be believed: each hash can be computed again in your browser.',
    chains: 'The chains',
    sealed: 'Sealed up to',
    all: 'all sealed',
    waiting: (count: string) => `${count} waiting for a seal`,
    empty: 'no blocks yet',
    lastSeal: 'Last seal',
    noSeal: 'nothing sealed yet',
    openFindings: 'Open findings',
    noFindings: 'none',
    ofShards: (count: string) => `in ${count} shards`,
    verifyAll: 'Verify in the browser',
    findingsWhy: 'new blocks are replayed every minute',
  },
});

type Shard = components['schemas']['Shard'];
const REFRESH_MS = 15_000;

/** Where every chain ends, how far it is sealed, and whether anything does not add up. */
export function LedgerPage() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const [, go] = useLocation();
  const query = useQuery({
    queryKey: ['ledger', 'shards'],
    queryFn: ({ signal }) => hongmi.listShards({}, { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page
      title={w.ledger}
      about={t.about}
      actions={
        <Button type="primary" icon={<SafetyCertificateOutlined />} onClick={() => go('/verify')}>
          {t.verifyAll}
        </Button>
      }
    >
      <Loaded query={query}>
        {({ shards, seal }) => (
          <>
            <Figures shards={shards} seal={seal} />
            <Card title={t.chains} flush>
              <ShardTable shards={shards} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({
  shards,
  seal,
}: {
  readonly shards: readonly Shard[];
  readonly seal: number | null;
}) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const sum = (of: (shard: Shard) => number): number =>
    shards.reduce((total, each) => total + of(each), 0);
  const last = useQuery({
    queryKey: ['ledger', 'seal', seal],
    queryFn: ({ signal }) => hongmi.getSeal({ number: seal ?? 0 }, { signal }),
    enabled: seal !== null,
  });
  const findings = useQuery({
    queryKey: ['ledger', 'findings', 'count'],
    queryFn: ({ signal }) => hongmi.listFindings({ open: true, limit: 100 }, { signal }),
  });
  const waiting = sum(({ blocks, sealed }) => blocks - sealed);
  const open = findings.data?.items.length;
  const openShown =
    open === undefined ? <None /> : `${f.number(open)}${findings.data?.nextCursor ? '+' : ''}`;
  return (
    <div className="hm-figures">
      <Figure
        name={w.blocks}
        value={f.number(sum(({ blocks }) => blocks))}
        more={t.ofShards(f.number(shards.length))}
      />
      <Figure
        name={w.entries}
        value={f.number(sum(({ entries }) => entries))}
        more={waiting === 0 ? t.all : t.waiting(f.number(waiting))}
      />
      <Figure
        name={t.lastSeal}
        value={seal === null ? <None /> : <Link href={`/seals/${seal}`}>{f.number(seal)}</Link>}
        more={
          seal === null ? (
            t.noSeal
          ) : last.data === undefined ? null : (
            <When at={last.data.seal.sealedAt} />
          )
        }
      />
      <Figure
        name={t.openFindings}
        value={
          open === 0 ? (
            <Tag tone="good">{t.noFindings}</Tag>
          ) : (
            <Link href="/findings">{openShown}</Link>
          )
        }
        more={t.findingsWhy}
      />
    </div>
  );
}

function ShardTable({ shards }: { readonly shards: readonly Shard[] }) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  return (
    <PlainTable<Shard>
      label={t.chains}
      rows={shards}
      rowKey={({ shard }) => String(shard)}
      exportAs="ledger-heads"
      columns={[
        {
          key: 'shard',
          title: w.shard,
          render: ({ shard }) => <Link href={`/shards/${shard}`}>{w.shardOf(String(shard))}</Link>,
          value: ({ shard }) => shard,
          sortable: true,
        },
        {
          key: 'blocks',
          title: w.blocks,
          align: 'right',
          render: ({ blocks }) => <span className="hm-number">{f.number(blocks)}</span>,
          value: ({ blocks }) => blocks,
          sortable: true,
        },
        {
          key: 'entries',
          title: w.entries,
          align: 'right',
          render: ({ entries }) => <span className="hm-number">{f.number(entries)}</span>,
          value: ({ entries }) => entries,
          sortable: true,
        },
        {
          key: 'sealed',
          title: t.sealed,
          render: ({ blocks, sealed }) =>
            blocks === 0 ? (
              <span className="hm-soft">{t.empty}</span>
            ) : sealed >= blocks ? (
              <Tag tone="good">{t.all}</Tag>
            ) : (
              <>
                <span className="hm-number">{f.number(sealed)}</span>{' '}
                <Tag tone="warn">{t.waiting(f.number(blocks - sealed))}</Tag>
              </>
            ),
          value: ({ sealed }) => sealed,
        },
        {
          key: 'recordedAt',
          title: w.recordedAt,
          render: ({ recordedAt }) => <When at={recordedAt} />,
          value: ({ recordedAt }) => recordedAt,
          sortable: true,
        },
        {
          key: 'hash',
          title: w.hash,
          render: ({ hash }) => <Code short>{hash}</Code>,
          value: ({ hash }) => hash,
        },
      ]}
    />
  );
}
