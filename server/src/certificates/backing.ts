import type { Backing, SaidGreen } from '../kernel/green-standing.ts';
import type { Certificate } from './certificate.ts';

const REASONS = ['revoked', 'expired', 'not_valid_yet', 'out_of_scope'] as const;

/**
 * What certificates of one merchant, all of the number that was named, say of its goods: of several that stand behind
 * them the one that is valid longest; where none does, what comes closest to it is told, `revoked` first.
 */
export function backingBy(
  certificates: readonly Certificate[],
  { codes, at }: Pick<SaidGreen, 'codes' | 'at'>,
): Backing {
  const standings = certificates.map((each) => [standingOf(each, codes, at), each] as const);
  const valid = standings.flatMap(([standing, each]) => (standing === 'valid' ? [each] : []));
  valid.sort((a, b) => b.validUntil - a.validUntil || (a.id < b.id ? -1 : 1));
  if (valid[0] !== undefined) return { standing: 'valid', certificate: valid[0].id };
  const found = new Set(standings.map(([standing]) => standing));
  const standing = REASONS.find((reason) => found.has(reason)) ?? 'unknown';
  return { standing, certificate: null };
}

function standingOf(
  { scope, validFrom, validUntil, revoked }: Certificate,
  codes: readonly string[],
  at: number,
): Backing['standing'] {
  if (!codes.some((code) => scope.includes(code))) return 'out_of_scope';
  if (revoked !== null) return 'revoked';
  if (at < validFrom) return 'not_valid_yet';
  return at < validUntil ? 'valid' : 'expired';
}
