import { useEffect, useEffectEvent, useState } from 'react';
import { padKeyOf } from './amount.ts';
import { createBurst } from './burst.ts';
import { readScanned } from './scanned.ts';
import type { Deal } from './use-deal.ts';

/** Keys that are typed into no field of the desk: a hand scanner's at any time, sums while nothing covers the pad. */
export function useKeyboard(deal: Deal): void {
  const isIdle = deal.result === undefined && deal.sheet === 'none';
  const [burst] = useState(() => createBurst((text) => readScanned(text) !== undefined));
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const scanned = burst.take(event.key, event.timeStamp, deal.typed);
    if (scanned !== undefined) {
      // Enter would press the button that has the focus.
      event.preventDefault();
      // What a scanner types looks like a sum until its Enter comes.
      deal.restore(scanned.before);
      deal.scan(scanned.text);
      return;
    }
    const key = padKeyOf(event.key);
    if (key !== undefined && isIdle) deal.press(key);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    addEventListener('keydown', listener, { capture: true });
    return () => removeEventListener('keydown', listener, { capture: true });
  }, []);
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
