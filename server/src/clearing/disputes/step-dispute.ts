import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { isSamePerson } from '../same-person.ts';
import { type AdjustDeps, adjust } from './adjust.ts';
import { type Dispute, EVIDENCE_MAX, isOver, stateAfter } from './dispute.ts';
import { countEvidence, insertStep, lockDispute, setState } from './store.ts';

interface Said {
  readonly text: string;
  readonly actor: string;
  readonly by: Uuid;
}

export type Step = Said &
  (
    | {
        readonly kind: 'evidence';
        /** Whose it is. */
        readonly merchant: Uuid;
        readonly file: { readonly name: string; readonly hash: Buffer } | null;
      }
    | { readonly kind: 'withdrawn'; readonly merchant: Uuid }
    | { readonly kind: 'rejected' }
    /** `fen` of it is right, and is paid by the other side or by the platform in the next period. */
    | { readonly kind: 'upheld'; readonly fen: number; readonly payer: 'other' | 'platform' }
  );

/**
 * Takes a dispute a step on, behind whoever takes one at the same time. What is upheld becomes an adjustment in the same
 * transaction. Who raised it does not decide it. Refused: `dispute_ended`, `dispute_evidence_full`, `same_person`,
 * `dispute_too_much`, and what {@link adjust} refuses.
 */
export async function stepDispute(
  tx: Transaction,
  deps: AdjustDeps,
  id: Uuid,
  step: Step,
): Promise<Dispute | Refusal> {
  const dispute = await lockDispute(tx, id);
  if (dispute === undefined) return problem('dispute_not_found');
  const state = stateAfter(dispute.state, step.kind);
  if (state === undefined) return problem('dispute_ended');
  if (step.kind === 'evidence' && (await countEvidence(tx, id, step.merchant)) >= EVIDENCE_MAX)
    return problem('dispute_evidence_full');
  const decides = step.kind === 'upheld' || step.kind === 'rejected';
  if (decides && isSamePerson({ by: dispute.raisedBy, actor: dispute.actor }, step))
    return problem('same_person', 'who raised a dispute cannot decide it');
  const at = deps.programmeClock(dispute.programme);
  const { kind, text, actor, by } = step;
  const upheldFen = kind === 'upheld' ? step.fen : null;
  if (upheldFen !== null && upheldFen > dispute.fen) return problem('dispute_too_much');
  if (kind === 'upheld') {
    const adjusted = await adjust(tx, deps, {
      programme: dispute.programme,
      payer: step.payer === 'platform' ? PLATFORM : dispute.other,
      payee: dispute.merchant,
      fen: step.fen,
      reason: text,
      ...{ evidence: null, evidenceHash: null, dispute: id, actor, madeBy: by },
    });
    if ('code' in adjusted) return adjusted;
  }
  const file = kind === 'evidence' ? step.file : null;
  await insertStep(tx, id, {
    ...{ kind, text, actor, madeBy: by, at, fen: upheldFen },
    merchant: 'merchant' in step ? step.merchant : PLATFORM,
    fileName: file?.name ?? null,
    fileHash: file?.hash ?? null,
  });
  const endedAt = isOver(state) ? at : null;
  await setState(tx, id, { state, endedAt, upheldFen });
  return { ...dispute, state, endedAt, upheldFen };
}
