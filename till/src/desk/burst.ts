/** Keys that come faster than fingers, and end with Enter: a hand scanner that types. */
export interface Burst {
  /** Takes a key; answers the text when it was a scanner's Enter. */
  take(key: string, atMs: number): string | undefined;
}

/** Scanners send a key every few ms; who types fast needs 80 and more. */
export const GAP_MS_MAX = 45;
/** Whoever drums on the keys is no scanner. */
const LENGTH_MIN = 6;
const LENGTH_MAX = 200;

export function createBurst(): Burst {
  let text = '';
  let last = Number.NEGATIVE_INFINITY;
  return {
    take(key, atMs) {
      const isFast = atMs - last <= GAP_MS_MAX;
      last = atMs;
      if (key === 'Enter') {
        const found = isFast && text.length >= LENGTH_MIN ? text : undefined;
        text = '';
        return found;
      }
      // Shift and the like come between the letters of some scanners.
      if (key.length !== 1) return undefined;
      text = isFast && text.length < LENGTH_MAX ? text + key : key;
      return undefined;
    },
  };
}
