import { useConnection } from '@hongmi/ui/connection.ts';
import { noteFailure } from '@hongmi/ui/queries.ts';
import { useCallback, useRef, useState } from 'react';
import { newKey, type Till, useTill } from '../app/till.ts';
import type { Act, Entry, Refused } from '../queue/entry.ts';
import { refusedOf } from '../queue/send.ts';
import { fenOf, type PadKey, press } from './amount.ts';
import { type Customer, findCustomer, unknownCustomer } from './customer.ts';
import { readScanned } from './scanned.ts';

/** What was not found, cannot be read, or could not be stored here. */
type Trouble = 'unreadable' | 'nobody' | 'unkept' | Refused;
type Sheet = 'none' | 'offset' | 'voucher' | 'return' | 'camera';

/** What happens at the till for one customer, from the scan to the result, whatever page is looked at meanwhile. */
export interface Deal {
  readonly customer: Customer | undefined;
  readonly typed: string;
  readonly amountFen: number;
  readonly sheet: Sheet;
  /** The code of the voucher, or the number of the receipt, that was scanned last. */
  readonly scanned: string;
  readonly trouble: Trouble | undefined;
  readonly isBusy: boolean;
  readonly result: Entry | undefined;
  scan(text: string): void;
  press(key: PadKey): void;
  /** Puts a sum back as it was before a scanner typed into it. */
  restore(typed: string): void;
  open(sheet: Sheet): void;
  /** Books something for the customer, or for whom an earlier sale was, and shows what came of it. */
  book(act: Act, of?: Pick<Entry, 'whom' | 'lane' | 'shown'>): Promise<void>;
  /** Another page of the till is looked at: who is served and the sum stay, and what is done is done. */
  leave(): void;
  /** Begins with the next customer; `keep`: with the same one, and a sum that is left to pay. */
  next(keep?: { readonly typed: string }): void;
}

/** `cameraFor`: what goes on once the camera has found a member. */
const START = { typed: '', sheet: 'none' as Sheet, cameraFor: 'none' as Sheet, scanned: '' };

export function useDeal(): Deal {
  const till = useTill();
  const { isReachable } = useConnection();
  const [state, setState] = useState(START);
  const [customer, setCustomer] = useState<Customer>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isLooking, setLooking] = useState(false);
  const [isBooking, setBooking] = useState(false);
  const [result, setResult] = useState<Entry>();
  // Made once for what is about to be done: pressed twice it is one entry.
  const key = useRef(newKey());
  // Of two scans the later one counts, whichever is answered first.
  const scans = useRef(0);
  const change = useCallback(
    (next: Partial<typeof START>) => setState((before) => ({ ...before, ...next })),
    [],
  );

  function next(keep?: { readonly typed: string }): void {
    key.current = newKey();
    // Who is still looked up is not the next one.
    scans.current += 1;
    setLooking(false);
    setResult(undefined);
    setTrouble(undefined);
    setState({ ...START, typed: keep?.typed ?? '' });
    if (keep === undefined) setCustomer(undefined);
  }

  function scan(text: string): void {
    // What is being booked is one customer's until its result stands there.
    if (isBooking) return;
    const scanned = readScanned(text);
    // Who holds up the next code is the next customer.
    if (scanned !== undefined && result !== undefined) next();
    setTrouble(scanned === undefined ? 'unreadable' : undefined);
    if (scanned === undefined) return;
    if (scanned.kind === 'voucher') change({ sheet: 'voucher', scanned: scanned.code });
    else if (scanned.kind === 'receipt') change({ sheet: 'return', scanned: scanned.orderNo });
    else {
      // Points that wait for their owner's code go on with it.
      change({ sheet: state.sheet === 'offset' ? 'offset' : state.cameraFor });
      setLooking(true);
      scans.current += 1;
      const turn = scans.current;
      void who(till, isReachable, scanned).then((found) => {
        if (turn !== scans.current) return;
        setLooking(false);
        setCustomer(found !== undefined && 'lane' in found ? found : undefined);
        if (found !== undefined && 'lane' in found) return;
        setTrouble(found ?? 'nobody');
        change({ sheet: 'none' });
      });
    }
  }

  const pressKey = useCallback(
    (pressed: PadKey) => setState((before) => ({ ...before, typed: press(before.typed, pressed) })),
    [],
  );

  return {
    ...{ customer, trouble, isBusy: isLooking || isBooking, result, scan },
    ...state,
    amountFen: fenOf(state.typed),
    press: pressKey,
    restore: (typed) => change({ typed }),
    leave: () => (result === undefined ? change({ ...START, typed: state.typed }) : next()),
    open: (sheet) => {
      const cameraFor = sheet === 'camera' && state.sheet === 'offset' ? 'offset' : 'none';
      change({ sheet, cameraFor, scanned: '' });
    },
    async book(act, of) {
      setBooking(true);
      setTrouble(undefined);
      const { whom, lane, shown } = of ?? {
        whom: customer?.whom ?? null,
        shown: customer === undefined ? null : namesOf(customer),
        lane: customer?.lane ?? (act.kind === 'voucher' ? `voucher:${act.code}` : 'till'),
      };
      try {
        setResult(
          await till.book({ key: key.current, act, whom, lane, shown, isOffline: !isReachable }),
        );
      } catch {
        // The browser lost its storage, or is out of space: nobody may believe that it is noted.
        setTrouble('unkept');
      } finally {
        change({ sheet: 'none' });
        setBooking(false);
      }
    },
    next,
  };
}

const namesOf = ({ name, shown }: Customer): string => [name, shown].filter(Boolean).join(' ');

/** Who it is, as far as anybody can be asked. */
async function who(
  till: Till,
  isReachable: boolean,
  scanned: Parameters<typeof unknownCustomer>[0],
): Promise<Customer | Refused | undefined> {
  const unknown = unknownCustomer(scanned, till.now());
  if (!isReachable) return unknown;
  try {
    return await findCustomer(scanned, unknown, till.shop);
  } catch (error) {
    const failure = noteFailure(error);
    if (failure.kind === 'refused') return refusedOf(failure.problem);
    // What cannot be asked now is asked later.
    return unknown;
  }
}
