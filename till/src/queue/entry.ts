/** Whom something is booked for. A code that was shown (`at`) while the till was cut off is looked up later, as of then. */
export type Whom =
  | { readonly memberId: string }
  | { readonly code: string; readonly at: string }
  | { readonly phone: string };

/** By the codes of their types, in the smallest unit of each; above zero given, below taken. */
export type Points = Readonly<Record<string, number>>;

/** What a cashier did; each is one write of the API. Money is in fen. */
export type Act =
  | { readonly kind: 'earn'; readonly orderNo: string; readonly amountFen: number }
  | {
      readonly kind: 'offset';
      readonly billNo: string;
      readonly billFen: number;
      readonly rewardId: string;
      readonly units: number;
      readonly offFen: number;
      /** What the member was told that it costs, of one type of points. */
      readonly pointType: string;
      readonly points: number;
    }
  | {
      readonly kind: 'voucher';
      readonly useNo: string;
      readonly code: string;
      readonly billFen: number;
    }
  | {
      readonly kind: 'return';
      readonly returnNo: string;
      readonly orderNo: string;
      /** What of its lines comes back: goods, or so much of their price. */
      readonly lines: readonly (
        | { readonly lineNo: number; readonly quantity: number }
        | { readonly lineNo: number; readonly amountFen: number }
      )[];
      readonly amountFen: number;
    }
  | {
      readonly kind: 'return_bill';
      readonly returnNo: string;
      readonly redemptionId: string;
      readonly amountFen: number;
      /** What the member gets back with each unit. */
      readonly unitPoints: Points;
    }
  /** Takes back what another entry booked. */
  | { readonly kind: 'undo'; readonly of: string; readonly what: Undoable };

export type Undoable = 'earn' | 'offset' | 'voucher';

/** What the platform made of it. */
export interface Booked {
  /** The order, redemption, voucher use or return. */
  readonly id: string | null;
  readonly points: Points;
  /** What it took off a bill, or gave back in money. */
  readonly fen: number;
  /** Why no points were given. */
  readonly reason: string | null;
  readonly memberId: string | null;
}

/** Why it could not be booked, as the API says it. */
export interface Refused {
  readonly code: string;
  readonly title: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type State =
  | { readonly state: 'waiting' }
  | { readonly state: 'booked'; readonly booked: Booked }
  /** `seen`: somebody has acknowledged it. */
  | { readonly state: 'refused'; readonly why: Refused; readonly seen: boolean };

/** Something that happened at this till. Stored before anybody is told that it is done. */
export type Entry = State & {
  /** Also the Idempotency-Key: told again and again it is booked once. */
  readonly key: string;
  /** In which order things happened at this till; given when it is stored. */
  readonly seq: number;
  /** Who did it. Nobody else's session sends it. */
  readonly staff: { readonly id: string; readonly name: string };
  readonly merchantId: string;
  readonly store: string | null;
  readonly whom: Whom | null;
  /** How the cashier knows them, so that somebody can be found again: a masked name, the end of a number. */
  readonly shown: string | null;
  /** What has to be sent in order: one member, or one voucher. */
  readonly lane: string;
  readonly act: Act;
  /** When it happened, by the clock of the programme. */
  readonly at: string;
  /** Agreed while the platform could not be asked: it is told with its time. */
  readonly isOffline: boolean;
};

export type NewEntry = Omit<Extract<Entry, { state: 'waiting' }>, 'seq' | 'state'>;

/** How much of a type of points is final that one member's bills of a day bear while the till is cut off. */
export function offlineLeft(
  entries: readonly Entry[],
  lane: string,
  { pointType, day, dayMax, dayOf }: OfflineDay,
): number {
  const undone = new Set(
    entries.flatMap((each) =>
      each.act.kind === 'undo' && each.state !== 'refused' ? each.act.of : [],
    ),
  );
  const taken = entries.reduce(
    (sum, { act, lane: own, at, isOffline, state, key }) =>
      act.kind === 'offset' &&
      act.pointType === pointType &&
      isOffline &&
      own === lane &&
      state !== 'refused' &&
      dayOf(at) === day &&
      !undone.has(key)
        ? sum + act.points
        : sum,
    0,
  );
  return Math.max(0, dayMax - taken);
}

export interface OfflineDay {
  /** Each type has the limit for itself. */
  readonly pointType: string;
  readonly day: string;
  readonly dayMax: number;
  /** The date of an instant in the programme's time zone. */
  readonly dayOf: (at: string) => string;
}
