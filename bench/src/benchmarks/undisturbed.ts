import type { Settings } from '../outcome.ts';

/** More than this used by anything else, and a run says little about the server. */
const OTHER_CORES_MAX = 0.4;

/** What a run tells about the rest of the machine; absent where the system does not tell. */
export interface Watched {
  readonly otherCores: number | undefined;
}

/**
 * Repeats a run while something else used the machine, as often as the settings allow; the last one
 * counts whatever happened, and what disturbed it stands in its figures.
 */
export function undisturbed({ patience, say }: Pick<Settings, 'patience' | 'say'>) {
  return async <T extends Watched>(run: () => Promise<T>): Promise<T> => {
    for (let left = patience; ; left -= 1) {
      const measured = await run();
      const { otherCores = 0 } = measured;
      if (otherCores <= OTHER_CORES_MAX) return measured;
      const used = `something else used ${otherCores.toFixed(1)} cores`;
      if (left === 0) {
        say(`${used}: this run counts, but says little`);
        return measured;
      }
      say(`${used}: once more`);
    }
  };
}
