import { sha256 } from '../kernel/hash.ts';
import { shardOfMember } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Claim, Command, IssueCommand } from './command.ts';
import { fingerprintOf } from './fingerprint.ts';
import { markOf } from './limits.ts';

/** A command that claims facts, as its claims remember it. */
export interface Claimant {
  readonly command: IssueCommand;
  readonly shard: number;
  readonly fingerprint: Buffer;
  /** SHA-256 of each fact, once, in hex. */
  readonly hashes: readonly string[];
}

/** SHA-256 in hex of what a claim is about: all that tells one fact from another. */
export function hashOfClaim({ merchant, scope, fact }: Claim): string {
  return sha256(`${merchant ?? ''}\0${scope}\0${fact}`).toString('hex');
}

function hashesOf({ claims = [] }: IssueCommand): string[] {
  return [...new Set(claims.map(hashOfClaim))];
}

/** Null for a command that claims nothing. */
export function claimantOf(command: Command, shards: number): Claimant | null {
  if (command.kind !== 'issue' || command.claims === undefined || command.claims.length === 0)
    return null;
  return {
    command,
    shard: shardOfMember(command.member, shards),
    fingerprint: fingerprintOf(command),
    hashes: hashesOf(command),
  };
}

/** What an applied command used up, for its leaf. */
export function marksOfClaims(command: IssueCommand): string[] {
  return command.claims === undefined ? [] : hashesOf(command).map((hash) => markOf('claim', hash));
}

export function alreadyClaimed({ command }: Claimant, hash: string): Refusal {
  const claim = command.claims?.find((each) => hashOfClaim(each) === hash);
  return refusal('already_claimed', 'another transaction has claimed this', {
    scope: claim?.scope ?? '',
    claim: hash,
  });
}
