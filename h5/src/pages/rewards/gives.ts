import { type Format, useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useSaid } from '../../app/said.ts';
import { useRegionNames } from '../../recipient/regions.ts';
import type { Terms } from './offer.ts';
import { words } from './words.ts';

type Voucher = Extract<Terms['fulfilment'], { kind: 'voucher' }>;

/** What somebody gets and how, line by line. */
export function useGives({ fulfilment }: Pick<Terms, 'fulfilment'>): readonly string[] {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const regionName = useRegionNames(fulfilment.kind === 'delivery');
  switch (fulfilment.kind) {
    case 'code':
      return [t.code];
    case 'voucher':
      return [t.voucher, ...takesOff(fulfilment, t, f, said), lasting(fulfilment, t, f)];
    case 'booking':
      return [t[fulfilment.unit], t.notice(f.number(fulfilment.noticeHours))];
    case 'delivery': {
      const { regions, feeFen } = fulfilment;
      return [
        t.delivery,
        regions === undefined ? t.everywhere : t.regions(f.list(regions.map(regionName))),
        feeFen === 0 ? t.noFee : t.fee(f.money(feeFen)),
      ];
    }
    case 'offset': {
      const { offFen, atMostPercent, overFen } = fulfilment;
      const off = t.offset(f.money(offFen), f.number(atMostPercent));
      return overFen === 0 ? [off] : [off, t.over(f.money(overFen))];
    }
    case 'donation':
      return [t.donation];
  }
}

type Said = (typeof words)['zh'];

function takesOff(
  { voucher }: Voucher,
  t: Said,
  f: Format,
  said: ReturnType<typeof useSaid>,
): readonly string[] {
  switch (voucher.form) {
    case 'full_reduction':
      return [t.fullReduction(f.money(voucher.overFen), f.money(voucher.offFen))];
    case 'no_threshold': {
      const off = t.noThreshold(f.money(voucher.offFen));
      return voucher.partial ? [off, t.partial] : [off];
    }
    case 'percentage':
      return [t.percentage(f.number(voucher.percentOff), f.money(voucher.atMostFen))];
    case 'exchange':
      return [said(voucher.what)];
  }
}

function lasting({ lasts }: Voucher, t: Said, f: Format): string {
  return 'days' in lasts ? t.lastsDays(f.number(lasts.days)) : t.lastsUntil(f.date(lasts.until));
}
