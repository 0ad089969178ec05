import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import type { FindingCode, ProofVerdict } from '@hongmi/sdk/verify';
import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Page } from '../../design/page.tsx';
import { findingWords } from './chain-words.ts';
import { KindShown, LeafFacts } from './leaf-shown.tsx';
import { EvidenceButton } from './parts.tsx';
import { usePin } from './pin.ts';
import { loadVerifier, readTrust } from './verifier.ts';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    title: '查一笔交易',
    about: '输入交易编号，或粘贴回执所在的响应：浏览器会一步步证明这笔交易就在封印过的账本里。',
    asked: '交易编号（txn_…）或含有它的响应',
    look: '查找并证明',
    noId: '没有找到交易编号：它以 txn_ 开头',
    holds: '证明成立',
    fails: '证明不成立',
    waits: '交易在账本里，等待封印',
    notCompared: '公钥还没有与公开的对照：先在“封印”页对照，证明才不依赖这台服务器。',
    receiptSame: '您粘贴的回执与链上一致',
    receiptOther: '您粘贴的回执与链上不一致',
    steps: '证明的步骤',
    leaf: '交易的哈希沿着路径得出它所在区块的默克尔根',
    blocks: (count: string) => `${count} 个区块头一个接一个，直到封印的那个`,
    head: '最后一个区块头得出封印的根',
    seal: '封印的哈希与签名正确',
  },
  en: {
    title: 'Look up a transaction',
    about:
      'By its id, or by an answer with its receipt: your browser proves step by step that it stands in the sealed ledger.',
    asked: 'Id of the transaction (txn_…), or an answer that holds it',
    look: 'Find and prove',
    noId: 'There is no id of a transaction in it: they begin with txn_',
    holds: 'The proof holds',
    fails: 'The proof does not hold',
    waits: 'The transaction stands in the ledger, and waits for a seal',
    notCompared:
      'The public key was not compared with the published one: do that on the page of seals, and the proof does not depend on this server.',
    receiptSame: 'The receipt that you pasted says what the chain says',
    receiptOther: 'The receipt that you pasted says something else than the chain',
    steps: 'Step by step',
    leaf: 'The hash of the transaction leads to the Merkle root of its block',
    blocks: (count: string) =>
      count === '1'
        ? 'Its block is the one that was sealed'
        : `${count} headers of blocks follow from each other, up to the sealed one`,
    head: 'The last header leads to the root of the seal',
    seal: 'The hash and the signature of the seal are right',
  },
});

const TRANSACTION = /txn_[0-7][0-9a-hjkmnp-tv-z]{25}/;

interface Receipt {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly hash: string;
}

/** The receipt in what was pasted; undefined when there is none. */
function receiptIn(text: string): Receipt | undefined {
  const search = (node: unknown): Receipt | undefined => {
    if (typeof node !== 'object' || node === null) return undefined;
    const { shard, block, position, hash } = node as Partial<Receipt>;
    if ([shard, block, position].every(Number.isSafeInteger) && typeof hash === 'string')
      return node as Receipt;
    return Object.values(node)
      .map(search)
      .find((each) => each !== undefined);
  };
  try {
    return search(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function prove(transaction: string, pin: string | null, signal: AbortSignal) {
  const [{ verifyProof }, trust, proof] = await Promise.all([
    loadVerifier(),
    readTrust(pin, signal),
    hongmi.getProof({ transaction }, { signal }),
  ]);
  const verdict = await verifyProof(proof, trust.trusted);
  return { proof, verdict, isPinned: trust.trusted.isPinned };
}

export function LookUpPage() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const [id, setId] = useFilter('transaction');
  const [typed, setTyped] = useState(id ?? '');
  const [isTold, setTold] = useState(false);
  const [receipt, setReceipt] = useState<Receipt>();
  return (
    <Page title={t.title} about={t.about} above={<Link href="/">{w.ledger}</Link>}>
      <Card>
        <form
          className="hm-stack"
          onSubmit={(event) => {
            event.preventDefault();
            const found = TRANSACTION.exec(typed)?.[0];
            setTold(found === undefined);
            setReceipt(receiptIn(typed));
            setId(found);
          }}
        >
          <label className="hm-stack" style={{ gap: 4 }}>
            <span className="hm-soft">{t.asked}</span>
            <Input.TextArea
              rows={3}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              status={isTold ? 'error' : ''}
            />
          </label>
          <div aria-live="polite">{isTold ? t.noId : null}</div>
          <div className="hm-actions">
            <Button type="primary" htmlType="submit">
              {t.look}
            </Button>
          </div>
        </form>
      </Card>
      {id === undefined || !TRANSACTION.test(id) ? null : (
        <Proven key={id} transaction={id} receipt={receipt} />
      )}
    </Page>
  );
}

function Proven({
  transaction,
  receipt,
}: {
  readonly transaction: string;
  readonly receipt: Receipt | undefined;
}) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const { pin } = usePin();
  const query = useQuery({
    queryKey: ['ledger', 'proof', transaction, pin],
    queryFn: ({ signal }) => prove(transaction, pin, signal),
  });
  return (
    <Loaded query={query}>
      {({ proof, verdict, isPinned }) => {
        const { ok, findings, stands } = verdict;
        const isWaiting = findings[0]?.code === 'proof_unsealed';
        return (
          <>
            <Alert
              type={ok ? 'success' : isWaiting ? 'info' : 'error'}
              showIcon
              role="status"
              title={ok ? t.holds : isWaiting ? t.waits : t.fails}
              {...(!isPinned && { description: t.notCompared })}
            />
            {receipt === undefined || stands === null ? null : (
              <ReceiptShown receipt={receipt} stands={stands} />
            )}
            <Card
              title={t.steps}
              actions={<EvidenceButton name={`proof-${transaction}`} content={() => proof} />}
            >
              <Steps
                verdict={verdict}
                blocks={proof.blocks.length}
                seal={proof.seal?.number ?? null}
              />
            </Card>
            {stands === null ? null : (
              <Card
                title={<KindShown leaf={stands.leaf} />}
                actions={
                  <Link href={`/shards/${stands.shard}/${stands.block}`}>
                    {w.shardOf(String(stands.shard))} · {w.blockOf(f.number(stands.block))}
                  </Link>
                }
              >
                <LeafFacts leaf={stands.leaf} />
              </Card>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function ReceiptShown({
  receipt,
  stands,
}: {
  readonly receipt: Receipt;
  readonly stands: NonNullable<ProofVerdict['stands']>;
}) {
  const t = useWords(words);
  const { shard, block, position } = stands;
  const hash = useQuery({
    queryKey: ['ledger', 'block-hash', shard, block],
    queryFn: async ({ signal }) =>
      (await hongmi.listBlocks({ shard, upTo: block, limit: 1 }, { signal })).items[0]?.hash ?? '',
  });
  if (hash.data === undefined) return null;
  const isSame =
    receipt.shard === shard &&
    receipt.block === block &&
    receipt.position === position &&
    receipt.hash === hash.data;
  return (
    <Alert
      type={isSame ? 'success' : 'error'}
      showIcon
      role="status"
      title={isSame ? t.receiptSame : t.receiptOther}
    />
  );
}

/** The finding at which each step ends; what comes after it was not looked at. */
const STEPS: readonly (readonly FindingCode[])[] = [
  ['proof_unreadable', 'proof_path'],
  ['proof_blocks'],
  ['proof_unsealed', 'proof_head'],
  ['seal_hash', 'seal_key', 'seal_signature', 'seal_unreadable'],
];

function Steps({
  verdict,
  blocks,
  seal,
}: {
  readonly verdict: ProofVerdict;
  readonly blocks: number;
  readonly seal: number | null;
}) {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const told = useWords(findingWords);
  const f = useFormat();
  const [finding] = verdict.findings;
  const failedAt = STEPS.findIndex(
    (codes) => finding !== undefined && codes.includes(finding.code),
  );
  const names = [t.leaf, t.blocks(f.number(blocks)), t.head, t.seal];
  return (
    <ol className="hm-chain-steps">
      {names.map((name, step) => {
        const state = failedAt < 0 || step < failedAt ? 'good' : step === failedAt ? 'bad' : 'open';
        return (
          <li key={name}>
            <StepMark state={state} />
            <span>
              {name}
              {step === 3 && seal !== null ? (
                <>
                  {' '}
                  <Link href={`/seals/${seal}`}>{w.sealOf(f.number(seal))}</Link>
                </>
              ) : null}
              {state === 'bad' && finding !== undefined ? (
                <span className="hm-soft"> — {told[finding.code]}</span>
              ) : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function StepMark({ state }: { readonly state: 'good' | 'bad' | 'open' }) {
  const w = useWords(ledgerWords);
  if (state === 'good')
    return <CheckCircleFilled className="hm-step-good" aria-label={w.sound} role="img" />;
  if (state === 'bad')
    return <CloseCircleFilled className="hm-step-bad" aria-label={w.wrong} role="img" />;
  return <MinusCircleOutlined aria-hidden className="hm-soft" />;
}
