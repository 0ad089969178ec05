import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object } from '../platform/web/schema.ts';

/**
 * Who began to do what. No bodies, no secrets, and of persons nothing but ids: what is in a row is kept for years,
 * when a member's own texts are long erased.
 */
export interface Entry {
  readonly id: Uuid;
  readonly at: Instant;
  /** The API key that acted; null: nobody was signed in yet. */
  readonly actor: Uuid | null;
  /** The account of the person who acted, or that a sign-in was about. */
  readonly staff: Uuid | null;
  readonly tenant: string | null;
  readonly merchant: Uuid | null;
  /** Its number. */
  readonly programme: number | null;
  readonly operation: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly about: readonly string[];
  readonly request: string;
}

/** What came of it. */
export interface EntryOutcome {
  readonly at: Instant;
  readonly status: number;
  /** The code of the problem it was answered with. */
  readonly problem: string | null;
  /** The id of what it made. */
  readonly made: string | null;
}

/** An entry as it is read. */
export interface ToldEntry extends Omit<Entry, 'programme' | 'tenant'> {
  /** Its code. */
  readonly programme: string | null;
  readonly outcome: EntryOutcome | null;
}

export const OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

export const EntryShown = object(
  {
    id: idOf('auditEntry'),
    at: InstantText,
    actorId: nullable(idOf('apiKey')),
    staffId: nullable(idOf('staff')),
    merchantId: nullable(idOf('merchant')),
    programme: nullable(Code),
    operation: Type.String({ description: 'The operationId of what was asked for.' }),
    address: Type.String({ description: 'The network address it came from.' }),
    userAgent: nullable(Type.String()),
    about: Type.Array(Type.String(), { description: 'The ids and codes in the path.' }),
    requestId: Type.String({ description: 'As X-Request-Id answered it.' }),
    outcome: nullable(
      object(
        {
          result: Type.Enum(['done', 'refused', 'failed']),
          at: InstantText,
          status: Type.Integer(),
          problem: nullable(Type.String()),
          made: nullable(Type.String({ description: 'The id of what was made.' })),
        },
        {
          title: 'AuditOutcome',
          description:
            'Null: it is under way, or nobody knows: the server ended before it could be written.',
        },
      ),
    ),
  },
  { title: 'AuditEntry' },
);

const resultOf = (status: number): 'done' | 'refused' | 'failed' => {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
};

export function showEntry(entry: ToldEntry): Type.Static<typeof EntryShown> {
  const { outcome } = entry;
  const shown = (kind: 'apiKey' | 'staff' | 'merchant', id: Uuid | null): string | null =>
    id === null ? null : showId(kind, id);
  return {
    id: showId('auditEntry', entry.id),
    at: showInstant(entry.at),
    actorId: shown('apiKey', entry.actor),
    staffId: shown('staff', entry.staff),
    merchantId: shown('merchant', entry.merchant),
    programme: entry.programme,
    operation: entry.operation,
    address: entry.address,
    userAgent: entry.userAgent,
    about: [...entry.about],
    requestId: entry.request,
    outcome:
      outcome === null
        ? null
        : {
            result: resultOf(outcome.status),
            at: showInstant(outcome.at),
            status: outcome.status,
            problem: outcome.problem,
            made: outcome.made,
          },
  };
}
