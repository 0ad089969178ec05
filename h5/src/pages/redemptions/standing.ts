import type { components } from '@hongmi/sdk';

export type Redemption = components['schemas']['Redemption'];
export type Voucher = components['schemas']['Voucher'];

/** How something stands for who redeemed it. */
export type Standing =
  /** On its way through the ledger: to be paid, to be handed out, to be undone. */
  | 'paying'
  | 'working'
  | 'undoing'
  /** It came to nothing. */
  | 'refused'
  | 'timed_out'
  | 'cancelled'
  /** What vouchers and codes are for. */
  | 'to_use'
  | 'used'
  | 'lapsed'
  /** What was booked. */
  | 'booked'
  | 'came'
  | 'missed'
  /** What is delivered. */
  | 'to_send'
  | 'sent'
  | 'delivered'
  | 'undeliverable'
  /** All of it was given back. */
  | 'returned'
  /** Taken off a bill, given to a fund: there is nothing more to it. */
  | 'done';

type Asked = Pick<Redemption, 'state' | 'vouchers' | 'delivery' | 'particulars'>;

/** `now`: by the clock of the programme. */
export function standingOf(redemption: Asked, now: number): Standing {
  const { state, vouchers, delivery, particulars } = redemption;
  switch (state) {
    case 'reserved':
    case 'confirmed':
      return 'working';
    case 'refusing':
    case 'timing_out':
    case 'cancelling':
      return 'undoing';
    case 'paying':
    case 'refused':
    case 'timed_out':
    case 'cancelled':
      return state;
    case 'fulfilled':
      if (delivery !== undefined)
        return delivery.state === 'cancelled' ? 'returned' : delivery.state;
      if (vouchers.length === 0) return 'done';
      return standingOfVouchers(vouchers, particulars?.kind === 'booking', now);
  }
}

/** The best that any of them has to say. */
function standingOfVouchers(
  vouchers: readonly Voucher[],
  isBooking: boolean,
  now: number,
): Standing {
  if (vouchers.some((each) => isUsable(each, now))) return isBooking ? 'booked' : 'to_use';
  if (vouchers.some(({ state }) => state === 'used')) return isBooking ? 'came' : 'used';
  if (vouchers.some(({ state }) => state === 'open')) return isBooking ? 'missed' : 'lapsed';
  return 'returned';
}

/** Whether a till takes it. */
export function isUsable({ state, expiresAt }: Voucher, now: number): boolean {
  return state === 'open' && !hasLapsed(expiresAt, now);
}

export const hasLapsed = (expiresAt: string | null, now: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now;

const HOUR_MS = 3_600_000;

/**
 * Until when its terms let it be cancelled, or moved to another time, as far as times go: an instant (`Infinity`: until it is used);
 * undefined: never.
 */
export function changeableUntil({
  terms: { cancellation },
  particulars,
}: Pick<Redemption, 'terms' | 'particulars'>): number | undefined {
  if (cancellation.until === 'never') return undefined;
  if (particulars?.kind !== 'booking') return Number.POSITIVE_INFINITY;
  return cancellation.until === 'before_use'
    ? Date.parse(particulars.endsAt) - 1
    : Date.parse(particulars.startsAt) - cancellation.hours * HOUR_MS;
}

const CHANGEABLE: ReadonlySet<Standing> = new Set([
  ...(['to_use', 'booked', 'to_send', 'undeliverable', 'done'] as const),
]);

/** Whether the member may still change their mind about all of it; the API has the last word. */
export function isChangeable(redemption: Redemption, now: number): boolean {
  const until = changeableUntil(redemption);
  return (
    CHANGEABLE.has(standingOf(redemption, now)) &&
    until !== undefined &&
    now <= until &&
    redemption.vouchers.every((each) => isUsable(each, now))
  );
}

/** Whether anything of it can still go elsewhere. */
export function isToSend({
  state,
  delivery,
  sentAgain = [],
}: Pick<Redemption, 'state' | 'delivery' | 'sentAgain'>): boolean {
  return (
    state === 'fulfilled' && [delivery, ...sentAgain].some((each) => each?.state === 'to_send')
  );
}

/** How soon something may be different by itself, or by what somebody does at a till just now, in ms; false: not soon. */
export function askAgainMs(redemption: Redemption | undefined, now: number): number | false {
  if (redemption === undefined) return false;
  const standing = standingOf(redemption, now);
  if (standing === 'paying' || standing === 'working' || standing === 'undoing') return 2_000;
  return standing === 'to_use' || standing === 'booked' ? 4_000 : false;
}
