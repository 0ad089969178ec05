import { checkProofFile, type ProofVerdict } from '@hongmi/server/main/check-proof';
import { EvidenceError } from '@hongmi/server/main/verify';
import { givenFile } from '../connect.ts';
import { EXIT_REFUSED, Failure, usage } from '../failure.ts';
import { word } from '../messages.ts';
import type { Arguments, Shell } from '../shell.ts';
import { count, facts, moment } from '../table.ts';

/** `hongmi verify --proof`: one transaction, with nothing but files. */
export async function checkProof(
  options: Arguments['options'],
  isJson: boolean,
  shell: Shell,
): Promise<number | undefined> {
  for (const other of ['from-export', 'receipt'])
    if (options[other] !== undefined)
      throw usage('option_beside', { name: 'proof', other, command: 'verify' });
  if (options.keys === undefined)
    throw usage('option_missing', { name: 'keys', command: 'verify' });
  const { proof = '', keys = '', seals } = await filesOf(options, shell);
  const verdict = await checkProofFile({ proof, keys, seals }).catch(failVerify);
  shell.out(isJson ? `${JSON.stringify(verdict, null, 2)}\n` : show(verdict, shell));
  return verdict.ok ? undefined : EXIT_REFUSED;
}

/** The absolute paths of the files among some options; all that are given must be there. */
export async function filesOf<Name extends string>(
  given: Readonly<Partial<Record<Name, string | undefined>>>,
  shell: Shell,
): Promise<Partial<Record<Name, string>>> {
  const files: Partial<Record<Name, string>> = {};
  for (const [name, path] of Object.entries(given) as [Name, string | undefined][])
    if (path !== undefined) files[name] = await givenFile(path, shell);
  return files;
}

export function failVerify(error: unknown): never {
  if (error instanceof EvidenceError)
    throw usage(`evidence_${error.holdsNo}`, { path: error.path });
  // The database and whoever starts it say in words of their own what is wrong with them.
  throw new Failure('verify_failed', {
    detail: error instanceof Error ? error.message : String(error),
  });
}

function show(verdict: ProofVerdict, { say }: Shell): string {
  if (!verdict.ok) return `${say('proof_bad', { what: say(`proof_${verdict.fault}`) })}\n`;
  const { proven } = verdict;
  const { shard, block, position, seal } = proven;
  const kind = word(say, 'kind', proven.kind);
  return `${say('proof_ok')}\n\n${facts([
    [say('verify_ledger'), proven.ledgerId],
    [say('proof_transaction'), proven.transaction],
    [say('proof_kind'), proven.isRefused ? say('proof_refused', { kind }) : kind],
    [say('proof_member'), proven.member],
    [say('proof_points'), count(proven.points)],
    [say('proof_effective'), moment(proven.effectiveAt)],
    [say('proof_recorded'), moment(proven.recordedAt)],
    [say('proof_place'), say('proof_place_at', { shard, block, position })],
    [say('proof_seal'), say('proof_seal_of', { number: seal.number, at: moment(seal.sealedAt) })],
    [say('proof_key_id'), seal.keyId],
  ])}`;
}
