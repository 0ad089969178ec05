/** What a hand scanner typed, and what was typed before it. */
interface Scan {
  readonly text: string;
  readonly before: string;
}

/** Tells what a hand scanner types from what fingers do: it types fast and ends with Enter. */
export interface Burst {
  /** Takes a key, and what the field shows before it; answers the scan that an Enter ends. */
  take(key: string, atMs: number, typed: string): Scan | undefined;
}

/** Scanners send a key every few ms, who types fast needs 80 and more: but a busy tablet sees both late. */
const FAST_MS_MAX = 45;
/** After so long it is something new. */
const PAUSE_MS = 1_000;
/** Whoever drums on the keys is no scanner. */
const LENGTH_MIN = 6;
const LENGTH_MAX = 200;

/** Keys that came one behind the other without a gap. */
interface Run {
  text: string;
  readonly before: string;
}

/** `isKnown`: whether a till knows what this is. What it knows counts however slowly it came, anything else only when it came fast. */
export function createBurst(isKnown: (text: string) => boolean): Burst {
  let runs: Run[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const end = (wasFast: boolean): Scan | undefined => {
    // The longest that makes sense: before it fingers may have typed a sum.
    const scans = runs.map(({ before }, from) => ({
      text: runs
        .slice(from)
        .map(({ text }) => text)
        .join(''),
      before,
    }));
    const known = scans.find(({ text }) => isKnown(text));
    if (known !== undefined) return known;
    const latest = scans.at(-1);
    return wasFast && latest !== undefined && latest.text.length >= LENGTH_MIN ? latest : undefined;
  };
  return {
    take(key, atMs, typed) {
      const gap = atMs - last;
      last = atMs;
      if (key === 'Enter') {
        const found = gap > PAUSE_MS ? undefined : end(gap <= FAST_MS_MAX);
        runs = [];
        return found;
      }
      // Shift and the like come between the letters of some scanners.
      if (key.length !== 1) return undefined;
      if (gap > PAUSE_MS) runs = [];
      const run = runs.at(-1);
      if (run === undefined || gap > FAST_MS_MAX) runs.push({ text: key, before: typed });
      else run.text += key;
      // Somebody leans on the keys.
      if (runs.reduce((sum, { text }) => sum + text.length, 0) > LENGTH_MAX) runs = [];
      return undefined;
    },
  };
}
