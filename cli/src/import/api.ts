import type { ItemLine } from './assemble.ts';

/** An order as `POST /v1/orders/bulk` takes it. */
export interface OrderBody {
  readonly idempotencyKey: string;
  readonly merchantId: string;
  readonly memberId: string;
  readonly orderNo: string;
  readonly paidAt: string;
  readonly source: string;
  readonly channel?: string;
  readonly tenders?: string[];
  readonly lines: readonly {
    readonly lineNo: number;
    readonly sku: string;
    readonly name?: string;
    readonly category?: string;
    readonly brand?: string;
    readonly zone?: string;
    readonly greenCertificate?: string;
    readonly quantity: number;
    readonly amountFen: number;
  }[];
}

/** A return as `POST /v1/returns/bulk` takes it. */
export interface ReturnBody {
  readonly idempotencyKey: string;
  readonly merchantId: string;
  readonly memberId: string;
  readonly returnNo: string;
  readonly returnedAt: string;
  readonly source: string;
  readonly lines: readonly {
    readonly lineNo: number;
    readonly sku: string;
    readonly quantity: number;
  }[];
}

export interface OrderAnswer {
  readonly memberId: string;
  readonly points: number;
  /** Only where the order was read by itself. */
  readonly lines?: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly amountFen: number;
  }[];
}

export interface ReturnAnswer {
  readonly memberId: string;
  readonly pointsClawedBack: number;
  /** In the order of the request. */
  readonly lines: readonly {
    readonly sku: string;
    readonly matched: readonly { readonly quantity: number }[];
    readonly rejected?: { readonly quantity: number } | undefined;
  }[];
}

/** Why an item was refused; `existingId` names the order or return that has its number already. */
export interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly existingId?: string | undefined;
}

export type Result<A> =
  | { readonly answer: A; readonly replayed: boolean }
  | { readonly refused: Refused };

/** What an import needs of the server. Every call is retried until it is answered, under the same keys. */
export interface ImportApi {
  /** The merchant's id; it is created when the programme has none of this name. */
  merchantId(
    merchant: { name: string; category: string; earnRatio: { points: number; perFen: number } },
    programme: string,
  ): Promise<string>;
  /** Ids of the customers' members, in order; created when missing. */
  memberIds(system: string, customers: readonly string[], programme: string): Promise<string[]>;
  /** Up to 1,000 customers at a time. */
  readonly membersMax: number;
  findMember(system: string, customer: string): Promise<string | undefined>;
  sendOrders(orders: readonly OrderBody[]): Promise<Result<OrderAnswer>[]>;
  sendReturns(returns: readonly ReturnBody[]): Promise<Result<ReturnAnswer>[]>;
  readOrder(id: string): Promise<OrderAnswer>;
  readReturn(id: string): Promise<ReturnAnswer>;
}

/** True when an order that is there already has these goods, whatever file told of it. */
export function sameOrder(
  answer: OrderAnswer,
  memberId: string,
  lines: readonly ItemLine[],
): boolean {
  const there = answer.lines ?? [];
  if (answer.memberId !== memberId || there.length !== lines.length) return false;
  return lines.every((line, index) => {
    const other = there[index];
    return (
      other?.sku === line.sku &&
      other.quantity === line.quantity &&
      other.amountFen === line.amountFen
    );
  });
}

/** True when a return that is there already asked for these goods. */
export function sameReturn(
  answer: ReturnAnswer,
  memberId: string,
  lines: readonly ItemLine[],
): boolean {
  if (answer.memberId !== memberId || answer.lines.length !== lines.length) return false;
  return lines.every((line, index) => {
    const other = answer.lines[index];
    if (other?.sku !== line.sku) return false;
    const matched = other.matched.reduce((sum, part) => sum + part.quantity, 0);
    return matched + (other.rejected?.quantity ?? 0) === line.quantity;
  });
}
