import { CLOCK_SKEW_MS, type Instant } from '../kernel/clock.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Command, Detail } from '../ledger/command.ts';
import type { Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import type { CommandDeps, Place } from './place.ts';

/** What every command has. */
export type Base = Pick<
  Command,
  'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'detail'
>;

/** A command that the programme's settings do not allow now. What was recorded under its key is answered all the same. */
export interface Barred {
  readonly barred: Refusal;
  readonly command: Command;
}

interface Told {
  readonly effectiveAt?: string;
  readonly reason?: string;
  readonly reference?: string;
  readonly actor?: string;
}

/** `key` is the caller's, without the tenant. */
export function baseOf(
  { programmes }: CommandDeps,
  body: Told,
  principal: Principal,
  key: string,
  { member, programme, pointType }: Omit<Place, 'merchant'>,
): Base | Refusal {
  let effectiveAt: Instant | null = null;
  if (body.effectiveAt !== undefined) {
    if (!principal.scopes.has('points:backdate')) return scopeMissing('points:backdate');
    effectiveAt = mustReadInstant(body.effectiveAt);
    // A future effect would hold back everything the member does until then.
    if (effectiveAt > programmes.programmeClock(programme) + CLOCK_SKEW_MS)
      return refusal('time_in_future', 'it cannot have happened yet');
  }
  const detail = detailOf(body);
  const base = { key: `${principal.tenant}:${key}`, programme, pointType, member, effectiveAt };
  return detail === null ? base : { ...base, detail };
}

function detailOf({ reason, reference, actor }: Told): Detail | null {
  if (reason === undefined && reference === undefined && actor === undefined) return null;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(reference === undefined ? {} : { reference }),
    ...(actor === undefined ? {} : { actor }),
  };
}

export function instantOf(text: string | undefined): Instant | null {
  return text === undefined ? null : mustReadInstant(text);
}

export function scopeMissing(scope: string): Refusal {
  return problem('scope_missing', `the API key lacks the scope ${scope}`, { scope });
}
