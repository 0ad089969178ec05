import type { FastifyRequest } from 'fastify';
import { type Principal, principalOf } from './auth.ts';
import { idempotencyKeyOf } from './idempotency.ts';

/** Who asks, and the key that the answer is kept under. */
export interface Caller {
  readonly principal: Principal;
  readonly key: string;
}

export function callerOf(request: FastifyRequest): Caller {
  return { principal: principalOf(request), key: idempotencyKeyOf(request) };
}

/** What a use case is told of its caller. */
export interface Asking {
  /** Tenant and Idempotency-Key: no tenant can have another's. */
  readonly requestKey: string;
  /** The only programme the caller reaches; null: any. */
  readonly programme: number | null;
  /** Whether what is told may have happened long ago. */
  readonly mayBackdate: boolean;
}

export function askingOf({ principal, key }: Caller): Asking {
  return {
    requestKey: `${principal.tenant}:${key}`,
    programme: principal.programme?.id ?? null,
    mayBackdate: principal.scopes.has('points:backdate'),
  };
}
