import { useEffect, useState } from 'react';
import { useProgramme } from './programme.ts';

const SECOND_MS = 1_000;

/** The phone's clock, second by second. */
export function useNow(everyMs: number = SECOND_MS): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** The clock of the programme that is looked at, as the phone heard of it last: what lapses and what is due goes by it. */
export function useProgrammeNow(everyMs?: number): number {
  return useNow(everyMs) + (useProgramme()?.aheadMs ?? 0);
}

/** The last moment before an end that does not count any more: its day is the last on which something can be done. */
export const lastMoment = (end: string): Date => new Date(Date.parse(end) - 1);
