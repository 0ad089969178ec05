import { useWords } from '@hongmi/ui/language.ts';
import { later } from '@hongmi/ui/later.ts';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { Sheet } from '@hongmi/ui/mobile/sheet.tsx';
import { Button } from 'antd-mobile';
import { useEffect, useEffectEvent, useId } from 'react';
import { newNumber, useTill } from '../app/till.ts';
import { WhyNot } from '../entries/why-not.tsx';
import { CustomerPanel } from './customer-panel.tsx';
import { OffsetSheet } from './offset-sheet.tsx';
import { Pad } from './pad.tsx';
import { Result } from './result.tsx';
import { ReturnSheet } from './return-sheet.tsx';
import type { Deal } from './use-deal.ts';
import { useKeyboard } from './use-keyboard.ts';
import { VoucherSheet } from './voucher-sheet.tsx';
import { words } from './words.ts';

const CameraSheet = later(() => import('./camera-sheet.tsx'), 'CameraSheet');

/** One customer after the other: who they are, how much it is, and what happens with their points. */
export function DeskPage({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  useKeyboard(deal);
  const leave = useEffectEvent(deal.leave);
  useEffect(() => () => leave(), []);
  if (deal.result !== undefined) return <Result deal={deal} entry={deal.result} />;
  return (
    <div className="till-desk">
      <h1 className="hm-hidden">{t.title}</h1>
      <section className="till-left">
        <CustomerPanel deal={deal} />
        {deal.trouble === undefined ? null : typeof deal.trouble === 'string' ? (
          <Notice tone="bad" title={t[deal.trouble]} />
        ) : (
          <WhyNot why={deal.trouble} />
        )}
        <Actions deal={deal} />
      </section>
      <Pad typed={deal.typed} press={deal.press} />
      <Sheets deal={deal} />
    </div>
  );
}

function Actions({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  const till = useTill();
  const hint = useId();
  const { customer, amountFen, isBusy } = deal;
  const missing =
    customer === undefined ? t.needsMember : amountFen === 0 ? t.needsAmount : undefined;
  const isReady = missing === undefined && !isBusy;
  return (
    <>
      <div className="till-actions">
        <Button
          color="primary"
          size="large"
          disabled={!isReady}
          aria-describedby={hint}
          onClick={() => void deal.book({ kind: 'earn', orderNo: newNumber('T', till), amountFen })}
        >
          {t.earn}
        </Button>
        <Button
          color="primary"
          fill="outline"
          size="large"
          disabled={!isReady}
          aria-describedby={hint}
          onClick={() => deal.open('offset')}
        >
          {t.offset}
        </Button>
        <Button size="large" disabled={isBusy} onClick={() => deal.open('voucher')}>
          {t.voucher}
        </Button>
        <Button size="large" disabled={isBusy} onClick={() => deal.open('return')}>
          {t.return}
        </Button>
      </div>
      <p className="till-hint hm-soft" id={hint} role="status">
        {isBusy ? t.working : (missing ?? '')}
      </p>
    </>
  );
}

function Sheets({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  const close = (): void => deal.open('none');
  switch (deal.sheet) {
    case 'none':
      return null;
    case 'offset':
      return (
        <Sheet title={t.offset} close={close}>
          <OffsetSheet deal={deal} />
        </Sheet>
      );
    case 'voucher':
      return (
        <Sheet title={t.voucher} close={close}>
          <VoucherSheet deal={deal} key={deal.scanned} />
        </Sheet>
      );
    case 'return':
      return (
        <Sheet title={t.return} close={close}>
          <ReturnSheet deal={deal} key={deal.scanned} />
        </Sheet>
      );
    case 'camera':
      return (
        <Sheet title={t.camera} close={close}>
          <CameraSheet found={deal.scan} />
        </Sheet>
      );
  }
}
