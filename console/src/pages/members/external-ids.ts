import type { components } from '@hongmi/sdk';

/** `pos:C-1042`, as they are typed elsewhere. */
export function externalIdsOf({ externalIds }: components['schemas']['Member']): string[] {
  return Object.entries(externalIds).map(([system, id]) => `${system}:${id}`);
}
