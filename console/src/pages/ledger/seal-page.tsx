import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, When } from '../../design/values.tsx';
import { EvidenceButton, FindingsTable } from './parts.tsx';
import { usePin } from './pin.ts';
import { loadVerifier, readTrust } from './verifier.ts';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about: '它签的是此刻每条链的末端。根、哈希和签名刚刚都在您的浏览器里重新算过。',
    isSound: '各链头得出它的根，签名出自可信的密钥，并接在前一个封印之后',
    notCompared: '密钥还没有与公开的对照：签名只证明前后一致',
    isWrong: '这个封印不可信',
    root: '根',
    signature: '签名（Ed25519）',
    previous: '前一封印的哈希',
    keyId: '密钥编号',
    heads: '所签的链头',
    sinceHere: '核验此后的账',
    before: '前一封印',
    after: '后一封印',
    genesis: '尚无区块',
  },
  en: {
    about:
      'It signs where every chain ended at that moment. Root, hash and signature were computed again in your browser just now.',
    isSound:
      'Its heads lead to its root, a trusted key signed it, and it follows the seal before it',
    notCompared:
      'The key was not compared with the published one yet: the signature only proves that all of it agrees',
    isWrong: 'This seal is not to be trusted',
    root: 'Root',
    signature: 'Signature (Ed25519)',
    previous: 'Hash of the seal before',
    keyId: 'Key id',
    heads: 'The heads it signed',
    sinceHere: 'Verify what came since',
    before: 'Seal before',
    after: 'Seal after',
    genesis: 'no blocks yet',
  },
});

async function readSeal(number: number, pin: string | null, signal: AbortSignal) {
  const [trust, { seals }] = await Promise.all([
    readTrust(pin, signal),
    // With the one before it, which it names.
    hongmi.listSeals({ after: Math.max(0, number - 2), limit: 2 }, { signal }),
  ]);
  const told = await hongmi.getSeal({ number }, { signal });
  const { verifySeal } = await loadVerifier();
  const previous = number === 1 ? null : seals.find((each) => each.number === number - 1);
  const findings = verifySeal(told.seal, trust.trusted, previous);
  return { ...told, findings, isPinned: trust.trusted.isPinned };
}

export function SealPage({ number }: { readonly number: number }) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const [, go] = useLocation();
  const { pin } = usePin();
  const query = useQuery({
    queryKey: ['ledger', 'seal', number, 'verified', pin],
    queryFn: ({ signal }) => readSeal(number, pin, signal),
  });
  const { data } = query;
  return (
    <Page
      title={w.sealOf(f.number(number))}
      about={t.about}
      above={<Link href="/seals">{w.seals}</Link>}
      actions={
        <>
          <Button disabled={number === 1} onClick={() => go(`/seals/${number - 1}`)}>
            {t.before}
          </Button>
          <Button onClick={() => go(`/seals/${number + 1}`)}>{t.after}</Button>
          <Button onClick={() => go(`/verify?since=${number}`)}>{t.sinceHere}</Button>
          {data === undefined ? null : (
            <EvidenceButton
              name={`ledger-seal-${number}`}
              content={() => ({
                ledgerId: data.ledgerId,
                format: data.format,
                seals: [data.seal],
                keys: data.key === null ? [] : [data.key],
              })}
            />
          )}
        </>
      }
    >
      <Loaded query={query}>
        {({ seal, findings, isPinned }) => (
          <>
            {findings.length === 0 ? (
              <Alert
                type="success"
                showIcon
                title={t.isSound}
                {...(!isPinned && { description: t.notCompared })}
              />
            ) : (
              <>
                <Alert type="error" showIcon role="alert" title={t.isWrong} />
                <Card flush>
                  <FindingsTable findings={findings} />
                </Card>
              </>
            )}
            <Card>
              <Facts
                rows={[
                  [w.sealedAt, <When key="at" at={seal.sealedAt} />],
                  [t.keyId, <Code key="key">{seal.keyId}</Code>],
                  [w.hash, <Code key="hash">{seal.hash}</Code>],
                  [t.previous, <Code key="previous">{seal.previousHash}</Code>],
                  [t.root, <Code key="root">{seal.root}</Code>],
                  [t.signature, <Code key="signature">{seal.signature}</Code>],
                ]}
              />
            </Card>
            <Card title={t.heads} flush>
              <PlainTable<(typeof seal.heads)[number]>
                label={t.heads}
                rows={seal.heads}
                rowKey={({ shard }) => String(shard)}
                columns={[
                  {
                    key: 'shard',
                    title: w.shard,
                    render: ({ shard }) => (
                      <Link href={`/shards/${shard}`}>{w.shardOf(String(shard))}</Link>
                    ),
                  },
                  {
                    key: 'block',
                    title: w.block,
                    align: 'right',
                    render: ({ shard, block }) =>
                      block === 0 ? (
                        <span className="hm-soft">{t.genesis}</span>
                      ) : (
                        <Link href={`/shards/${shard}/${block}`}>{f.number(block)}</Link>
                      ),
                  },
                  { key: 'hash', title: w.hash, render: ({ hash }) => <Code>{hash}</Code> },
                ]}
              />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}
