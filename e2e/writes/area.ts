import type { Scene } from './scene.ts';
import type { Write } from './write.ts';

/** Writes about one thing. Their names are known before there is a server, so that each is a test of its own. */
export interface Area<N extends string> {
  /** Operations; of one that takes bodies of several kinds, each kind after a space. */
  readonly names: readonly N[];
  /** Makes what the good bodies name, and writes them down by operation. */
  readonly prepare: (scene: Scene) => Promise<Record<N, Write>>;
}

export function area<const N extends string>(
  names: readonly N[],
  prepare: (scene: Scene) => Promise<Record<NoInfer<N>, Write>>,
): Area<N> {
  return { names, prepare };
}
