import type { Uuid } from '../../kernel/id.ts';
import type { LeafJson } from './leaf-json.ts';
import type { ListedPrice } from './price-list.ts';

// The lines of an export, as docs/verify/README.md describes them: one JSON object each, told apart by
// the name of their only member. Hashes are hex, instants milliseconds, ids UUIDs; null is "none".

export const EXPORT_FORMAT = 'hongmi-ledger-export';
export const EXPORT_VERSION = 1;

export interface HeaderLine {
  readonly header: {
    readonly format: typeof EXPORT_FORMAT;
    readonly version: typeof EXPORT_VERSION;
    readonly ledgerId: Uuid;
    readonly shards: number;
    /** Whether keys and free text are in it. */
    readonly withDetail: boolean;
  };
}

/** A row of the price list, before the first block: there are none where nothing is cleared. */
export interface PriceLine {
  readonly price: ListedPrice;
}

export interface BlockLine {
  readonly block: {
    readonly shard: number;
    readonly number: number;
    readonly recordedAt: number;
    readonly previousHash: string;
    readonly merkleRoot: string;
    readonly hash: string;
    readonly transactions: number;
    readonly entryFirst: number;
    readonly entries: number;
  };
}

/** What a commitment is the hash of. */
export interface Opening {
  readonly salt: string;
  readonly fingerprint: string;
  readonly key: string;
  readonly detail: string | null;
}

export interface TransactionLine {
  readonly transaction: LeafJson & {
    /** The hash of all the rest. */
    readonly leaf: string;
    readonly erased?: true;
    readonly opening?: Opening;
    /** What its entries accrued; only of one that accrued anything. */
    readonly accruals?: readonly AccrualJson[];
  };
}

/** Amounts are micro-fen in decimal: they may be larger than a JSON number can be. */
export type AccrualJson = readonly [
  seq: number,
  place: number,
  kind: number,
  programme: number,
  pointType: number,
  effectiveAt: number,
  payer: Uuid,
  taker: Uuid,
  points: number,
  owed: string,
  due: string,
  fee: string,
];

export interface HeadLine {
  readonly head: {
    readonly shard: number;
    readonly block: number;
    readonly entries: number;
    readonly hash: string;
  };
}

/** The state of a shard, after its head: lots, then accounts, then the rest. */
export type StateLine =
  | {
      readonly lot: {
        readonly id: Uuid;
        readonly member: Uuid;
        readonly pointType: number;
        readonly expiresAt: number | null;
        readonly remaining: number;
        readonly held: number;
        readonly expired: number;
        readonly expiredRecovered: number;
        readonly returned: number;
        readonly pending: boolean;
        /** Only of a lot that slides. */
        readonly slideMonths?: number;
        /** Only of a lot with funders that was sent: where it first came from. */
        readonly root?: Uuid;
      };
    }
  | {
      readonly account: {
        readonly member: Uuid;
        readonly pointType: number;
        readonly free: number;
        readonly held: number;
        readonly debt: number;
        readonly earned: number;
        readonly redeemed: number;
        readonly expired: number;
        readonly lastEffectiveAt: number;
      };
    }
  | {
      readonly counterAccount: {
        readonly role: number;
        readonly owner: Uuid;
        readonly pointType: number;
        /** In decimal: it may be larger than a JSON number can be. */
        readonly balance: string;
      };
    }
  | {
      readonly hold: {
        readonly id: Uuid;
        readonly member: Uuid;
        readonly expiresAt: number;
        readonly remaining: number;
        readonly lots: readonly (readonly [lot: Uuid, points: number])[];
      };
    }
  | { readonly counter: { readonly member: Uuid; readonly name: string; readonly value: number } }
  | { readonly allotment: { readonly budget: Uuid; readonly spent: number } }
  | {
      readonly unequalBudget: {
        readonly budget: Uuid;
        readonly lent: number;
        readonly granted: number;
      };
    }
  | { readonly claim: { readonly hash: string; readonly transaction: Uuid | null } }
  | { readonly debt: { readonly lot: Uuid; readonly remaining: number } };

/** The last line: without it the file was cut off. */
export interface EndLine {
  readonly end: {
    /** Lines of the file, this one included. */
    readonly lines: number;
  };
}

export type ExportLine =
  | HeaderLine
  | PriceLine
  | BlockLine
  | TransactionLine
  | HeadLine
  | StateLine
  | EndLine;
