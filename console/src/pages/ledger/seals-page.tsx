import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Page } from '../../design/page.tsx';
import { PlainTable, Table } from '../../design/table.tsx';
import { Code, When } from '../../design/values.tsx';
import { PinnedKey } from './pinned-key.tsx';
import { useTrust } from './verifier.ts';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about:
      '有变化的每一分钟，各条链的末端由一个封印签名。它离开服务器，所以没有人能悄悄重写以前的账。',
    keys: '公钥',
    firstSeal: '从第几号封印起',
    madeAt: '启用时间',
    publicKey: '公钥',
    keyId: '密钥编号',
    shards: '各链合计区块',
    empty: '还没有封印',
    emptyWhy: '第一批交易记下之后一分钟，就会有第一个封印。',
  },
  en: {
    about:
      'Every minute in which something changed, a seal signs where the chains end. It leaves the server, so nobody can rewrite the past unseen.',
    keys: 'Public keys',
    firstSeal: 'From seal',
    madeAt: 'In use since',
    publicKey: 'Public key',
    keyId: 'Key id',
    shards: 'Blocks in all chains',
    empty: 'Nothing was sealed yet',
    emptyWhy: 'The first seal comes a minute after the first transactions.',
  },
});

type Seal = components['schemas']['Seal'];
type SealKey = components['schemas']['SealKey'];
const PAGE = 60;

/** A page of seals, the newest first; the API has them the oldest first, by number. */
async function loadSeals(cursor: string | undefined, signal: AbortSignal) {
  const upTo =
    cursor === undefined ? ((await hongmi.listShards({}, { signal })).seal ?? 0) : Number(cursor);
  if (upTo < 1) return { items: [], nextCursor: null };
  const after = Math.max(0, upTo - PAGE);
  const { seals } = await hongmi.listSeals({ after, limit: upTo - after }, { signal });
  return { items: [...seals].reverse(), nextCursor: after === 0 ? null : String(after) };
}

export function SealsPage() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  return (
    <Page title={w.seals} about={t.about} above={<Link href="/">{w.ledger}</Link>}>
      <PinnedKey />
      <Card flush>
        <Table<Seal>
          label={w.seals}
          queryKey={['ledger', 'seals']}
          load={loadSeals}
          rowKey={({ number }) => String(number)}
          exportAs="ledger-seals"
          empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
          columns={[
            {
              key: 'number',
              title: w.number,
              render: ({ number }) => <Link href={`/seals/${number}`}>{f.number(number)}</Link>,
              value: ({ number }) => number,
            },
            {
              key: 'sealedAt',
              title: w.sealedAt,
              render: ({ sealedAt }) => <When at={sealedAt} />,
              value: ({ sealedAt }) => sealedAt,
            },
            {
              key: 'blocks',
              title: t.shards,
              align: 'right',
              render: ({ heads }) => f.number(heads.reduce((sum, { block }) => sum + block, 0)),
              value: ({ heads }) => heads.reduce((sum, { block }) => sum + block, 0),
            },
            {
              key: 'key',
              title: t.keyId,
              render: ({ keyId }) => <Code short>{keyId}</Code>,
              value: ({ keyId }) => keyId,
            },
            {
              key: 'hash',
              title: w.hash,
              render: ({ hash }) => <Code short>{hash}</Code>,
              value: ({ hash }) => hash,
            },
          ]}
        />
      </Card>
      <Keys />
    </Page>
  );
}

function Keys() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  return (
    <Card title={t.keys} flush>
      <Loaded query={useTrust()}>
        {({ keys }) => (
          <PlainTable<SealKey>
            label={t.keys}
            rows={keys}
            rowKey={({ id }) => id}
            exportAs="ledger-keys"
            columns={[
              {
                key: 'number',
                title: w.number,
                render: ({ number }) => f.number(number),
                value: ({ number }) => number,
              },
              {
                key: 'id',
                title: t.keyId,
                render: ({ id }) => <Code>{id}</Code>,
                value: ({ id }) => id,
              },
              {
                key: 'publicKey',
                title: t.publicKey,
                render: ({ publicKey }) => <Code>{publicKey}</Code>,
                value: ({ publicKey }) => publicKey,
              },
              {
                key: 'firstSeal',
                title: t.firstSeal,
                align: 'right',
                render: ({ firstSeal }) => f.number(firstSeal),
                value: ({ firstSeal }) => firstSeal,
              },
              {
                key: 'madeAt',
                title: t.madeAt,
                render: ({ madeAt }) => <When at={madeAt} />,
                value: ({ madeAt }) => madeAt,
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
