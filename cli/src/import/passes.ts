import type { Invoice, Survey } from './survey.ts';

/**
 * Lines an import may hold back at a time, waiting for the rest of their invoices or for an earlier
 * invoice of their customer: some 40 MB.
 */
const HELD_LINES_MAX = 100_000;

/**
 * Into how many parts an import must divide the customers, reading the file once for each, so that it
 * never holds back more lines than allowed. 1 unless the invoices' lines are scattered over the file
 * (say, an export sorted by article).
 */
export function passesFor(survey: Survey, heldMax: number = HELD_LINES_MAX): number {
  return Math.max(1, Math.ceil(mostHeld(survey.invoices.values()) / heldMax));
}

/** The part of the customers this one belongs to, 0 to `parts` − 1. */
export function partOf(customer: string, parts: number): number {
  if (parts === 1) return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < customer.length; at += 1)
    hash = Math.imul(hash ^ customer.charCodeAt(at), 0x01000193);
  // The low bits of FNV-1a alone are weak for keys that differ only at the end.
  return ((hash ^ (hash >>> 15)) >>> 0) % parts;
}

/** The most lines held back at once, counting an invoice whole from its first line on. */
export function mostHeld(invoices: Iterable<Invoice>): number {
  const freeFrom = new Map<string, number>();
  const releases: { place: number; lines: number }[] = [];
  const starts: { place: number; lines: number }[] = [];
  for (const { customer, firstPlace, lastPlace, lines } of invoices) {
    const place = Math.max(lastPlace, freeFrom.get(customer) ?? 0);
    freeFrom.set(customer, place);
    releases.push({ place, lines });
    starts.push({ place: firstPlace, lines });
  }
  releases.sort((a, b) => a.place - b.place);
  let held = 0;
  let most = 0;
  let released = 0;
  for (const start of starts) {
    for (
      let next = releases[released];
      next !== undefined && next.place < start.place;
      next = releases[released]
    ) {
      held -= next.lines;
      released += 1;
    }
    held += start.lines;
    most = Math.max(most, held);
  }
  return most;
}
