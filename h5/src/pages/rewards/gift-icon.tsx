import {
  BillOutline,
  CalendarOutline,
  CouponOutline,
  HeartOutline,
  SystemQRcodeOutline,
  TruckOutline,
} from 'antd-mobile-icons';
import type { ComponentType } from 'react';
import type { Terms } from './offer.ts';

const ICONS: Readonly<
  Record<Terms['fulfilment']['kind'], ComponentType<{ readonly 'aria-hidden': true }>>
> = {
  code: SystemQRcodeOutline,
  voucher: CouponOutline,
  booking: CalendarOutline,
  delivery: TruckOutline,
  offset: BillOutline,
  donation: HeartOutline,
};

/** How somebody comes by a reward, beside words that say the same. */
export function GiftIcon({ of }: { readonly of: Terms['fulfilment']['kind'] }) {
  const Icon = ICONS[of];
  return <Icon aria-hidden />;
}
