import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Ppm } from './liability.ts';

/** A period of clearing as it stands in the books: closed, and never changed. */
export interface BookPeriod {
  readonly id: Uuid;
  readonly programme: number;
  /** From 1, as the periods of clearing. */
  readonly number: number;
  readonly clearingPeriod: Uuid;
  /** IANA name: by it the cohorts' months are counted. */
  readonly timeZone: string;
  readonly from: Instant;
  readonly until: Instant;
  /** SHA-256 of the roll-forward's CSV. */
  readonly figuresHash: Buffer;
  readonly closedAt: Instant;
}

/** How many points of a type are never used, for closings of periods that end at `from` or later. */
export interface Estimate {
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly number: number;
  readonly from: Instant;
  readonly breakagePpm: Ppm;
  readonly method: 'statistical' | 'override';
  /** What history said when it was made. */
  readonly cohorts: number;
  readonly measuredPpm: Ppm | null;
  readonly errorPpm: Ppm | null;
  /** Of an override. */
  readonly reason: string | null;
  readonly actor: string;
  readonly createdAt: Instant;
}

/** What a point without a price between merchants is worth in the books, from a month of origin on. */
export interface BookValue {
  readonly programme: number;
  readonly pointType: number;
  readonly vintage: string;
  /** Micro-fen a point. */
  readonly value: number;
  readonly reason: string;
  readonly actor: string;
  readonly createdAt: Instant;
}
