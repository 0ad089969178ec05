import type { StoredLeaf } from '@hongmi/sdk/verify';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Link, useLocation } from 'wouter';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, Points, When } from '../../design/values.tsx';
import { Instant, KindShown, LeafFacts } from './leaf-shown.tsx';
import { MemberId, MerchantId } from './named.tsx';
import { EvidenceButton, FindingsTable } from './parts.tsx';
import { readBlock, type VerifiedBlock } from './verifier.ts';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about: '这里的每个哈希，刚刚都在您的浏览器里由下面的内容重新算过。',
    isSound: '这个区块算得出它的哈希，并接在前一个区块之后',
    isWrong: '这个区块与它的哈希不符',
    sealedWhy: '要确认它没有和整条链一起被重写，请与封印核对。',
    verifyWithSeal: '与封印核对',
    before: '前一区块',
    after: '后一区块',
    what: '交易',
    who: '会员',
    merchant: '商家',
    points: '积分',
    at: '生效时间',
    missing: '这笔交易不见了，或无法读取',
    state: '状态',
  },
  en: {
    about: 'Each hash here was computed again in your browser just now, from what stands below.',
    isSound: 'This block hashes to its hash, and follows the block before it',
    isWrong: 'This block is not what its hash says',
    sealedWhy:
      'To know that it was not rewritten together with the whole chain, compare it with its seal.',
    verifyWithSeal: 'Compare with its seal',
    before: 'Block before',
    after: 'Block after',
    what: 'Transaction',
    who: 'Member',
    merchant: 'Merchant',
    points: 'Points',
    at: 'Took effect',
    missing: 'This transaction is missing, or cannot be read',
    state: 'State',
  },
});

/** A block: what it says, whether it is so, and what it holds in words. */
export function BlockPage({ shard, number }: { readonly shard: number; readonly number: number }) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const [, go] = useLocation();
  const query = useQuery({
    queryKey: ['ledger', 'block', shard, number],
    queryFn: ({ signal }) => readBlock(shard, number, signal),
  });
  const { data } = query;
  return (
    <Page
      title={w.blockOf(f.number(number))}
      about={t.about}
      above={<Link href={`/shards/${shard}`}>{w.shardOf(String(shard))}</Link>}
      actions={
        <>
          <Button disabled={number === 1} onClick={() => go(`/shards/${shard}/${number - 1}`)}>
            {t.before}
          </Button>
          <Button onClick={() => go(`/shards/${shard}/${number + 1}`)}>{t.after}</Button>
          {data === undefined ? null : (
            <EvidenceButton
              name={`ledger-${shard}-${number}`}
              content={() => ({ shard, block: data.header, leaves: data.leaves })}
            />
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(block) => (
          <>
            <Verdict shard={shard} block={block} />
            <Card>
              <HeaderFacts shard={shard} block={block} />
            </Card>
            <Card title={w.transactions} flush>
              <Transactions block={block} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Verdict({ shard, block }: { readonly shard: number; readonly block: VerifiedBlock }) {
  const t = useWords(words);
  const [, go] = useLocation();
  const { findings, header } = block;
  if (findings.length > 0)
    return (
      <>
        <Alert type="error" showIcon title={t.isWrong} role="alert" />
        <Card flush>
          <FindingsTable findings={findings} />
        </Card>
      </>
    );
  const { number } = header;
  return (
    <Alert
      type="success"
      showIcon
      title={t.isSound}
      description={t.sealedWhy}
      action={
        <Button
          size="small"
          onClick={() => go(`/verify?shard=${shard}&from=${number}&upTo=${number}`)}
        >
          {t.verifyWithSeal}
        </Button>
      }
    />
  );
}

function HeaderFacts({ shard, block }: { readonly shard: number; readonly block: VerifiedBlock }) {
  const w = useWords(ledgerWords);
  const f = useFormat();
  const { header } = block;
  const { number, seal } = header;
  return (
    <Facts
      rows={[
        [w.recordedAt, <When key="at" at={header.recordedAt} />],
        [w.transactions, f.number(header.transactions)],
        [
          w.entries,
          header.entries === 0
            ? f.number(0)
            : `${f.number(header.entries)} (${f.number(header.entryFirst)}–${f.number(header.entryFirst + header.entries - 1)})`,
        ],
        [
          w.sealedBy,
          seal === null ? (
            <Tag key="seal" tone="warn">
              {w.notSealed}
            </Tag>
          ) : (
            <Link key="seal" href={`/seals/${seal}`}>
              {w.sealOf(f.number(seal))}
            </Link>
          ),
        ],
        [w.hash, <Code key="hash">{header.hash}</Code>],
        [
          w.previousHash,
          number === 1 ? (
            <Code key="previous">{header.previousHash}</Code>
          ) : (
            <Link key="previous" href={`/shards/${shard}/${number - 1}`}>
              <Code>{header.previousHash}</Code>
            </Link>
          ),
        ],
        [w.merkleRoot, <Code key="root">{header.merkleRoot}</Code>],
      ]}
    />
  );
}

interface Row {
  readonly position: number;
  readonly leaf: (StoredLeaf & { readonly erased?: boolean }) | null;
  readonly isSound: boolean;
}

function Transactions({ block }: { readonly block: VerifiedBlock }) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const rows: Row[] = block.leaves.map((leaf, position) => ({
    position,
    leaf,
    isSound: !block.findings.some((each) => each.position === position),
  }));
  return (
    <PlainTable<Row>
      label={w.transactions}
      rows={rows}
      rowKey={({ position }) => String(position)}
      expanded={({ leaf }) =>
        leaf === null ? (
          t.missing
        ) : (
          <LeafFacts leaf={leaf} hash={leaf.leaf} isErased={leaf.erased === true} />
        )
      }
      columns={[
        {
          key: 'position',
          title: w.position,
          align: 'right',
          render: ({ position }) => position + 1,
          value: ({ position }) => position,
        },
        {
          key: 'what',
          title: t.what,
          render: ({ leaf }) => (leaf === null ? t.missing : <KindShown leaf={leaf} />),
        },
        {
          key: 'points',
          title: t.points,
          align: 'right',
          render: ({ leaf }) =>
            leaf === null || leaf.points === null ? <None /> : <Points value={leaf.points} />,
          value: ({ leaf }) => leaf?.points ?? null,
          sortable: true,
        },
        {
          key: 'member',
          title: t.who,
          render: ({ leaf }) => <MemberId uuid={leaf?.member ?? null} />,
        },
        {
          key: 'merchant',
          title: t.merchant,
          render: ({ leaf }) => <MerchantId uuid={leaf?.merchant ?? null} />,
        },
        {
          key: 'at',
          title: t.at,
          render: ({ leaf }) => <Instant ms={leaf?.effectiveAt ?? null} />,
        },
        {
          key: 'state',
          title: t.state,
          render: ({ isSound }) => (
            <Tag tone={isSound ? 'good' : 'bad'}>{isSound ? w.sound : w.wrong}</Tag>
          ),
        },
      ]}
    />
  );
}
