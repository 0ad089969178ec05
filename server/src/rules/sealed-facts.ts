import type { Uuid } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import type { MemberFacts } from './rating.ts';

/** What was rated by facts, which are sealed for it: moved to another one they do not open. */
export interface RatedBy {
  readonly kind: 'order' | 'activity';
  readonly id: Uuid;
}

const contextOf = ({ kind, id }: RatedBy): string => `${kind}.facts ${id}`;

export function sealFacts(sealer: Sealer, of: RatedBy, facts: MemberFacts): Buffer {
  return sealer.seal(contextOf(of), JSON.stringify(facts));
}

/** @throws when they were sealed for something else, or under another master key. */
export function openFacts(sealer: Sealer, of: RatedBy, sealed: Buffer): MemberFacts {
  const opened = sealer.open(contextOf(of), sealed);
  if (opened === undefined)
    throw new Error(`the facts of ${of.kind} ${of.id} do not open under the master key`);
  return JSON.parse(opened) as MemberFacts;
}
