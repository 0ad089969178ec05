import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import type { FindingCode, ProofVerdict } from '@hongmi/sdk/verify';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { findingWords } from './chain-words.ts';
import { KindShown, LeafFacts } from './leaf-shown.tsx';
import { words } from './look-up-words.ts';
import { EvidenceButton } from './parts.tsx';
import { usePin } from './pin.ts';
import type { Receipt } from './receipt.ts';
import { loadVerifier, readTrust } from './verifier.ts';
import { ledgerWords } from './words.ts';

async function prove(transaction: string, pin: string | null, signal: AbortSignal) {
  const [{ verifyProof }, trust, proof] = await Promise.all([
    loadVerifier(),
    readTrust(pin, signal),
    hongmi.getProof({ transaction }, { signal }),
  ]);
  const verdict = await verifyProof(proof, trust.trusted);
  return { proof, verdict, isPinned: trust.trusted.isPinned };
}

/** A transaction, proven by its seal step by step. */
export function Proven({
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
