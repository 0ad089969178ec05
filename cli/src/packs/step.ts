import type { components, Hongmi } from '@hongmi/sdk';
import { onceFor } from '../write-once.ts';
import type { Pack } from './pack.ts';

/** What became of one part of a pack. */
export interface Step {
  readonly part:
    | 'merchant'
    | 'store'
    | 'point_type'
    | 'tiers'
    | 'segment'
    | 'rule'
    | 'reward'
    | 'promotion';
  readonly code: string;
  /**
   * `kept`: it is there already, as the pack says; `different`: it is there, otherwise, and was left alone;
   * `operators`: whoever runs the programme has to make it.
   */
  readonly outcome: 'made' | 'kept' | 'different' | 'operators';
  /** From when what was published, or a scheme, counts. */
  readonly from?: string;
}

/** A pack on its way to a merchant. */
export interface Applying {
  readonly hongmi: Hongmi;
  readonly pack: Pack;
  readonly merchant: components['schemas']['Merchant'];
}

/** The same for the same part of the same version for the same target: a repeated write happens once. */
export const keyOf = ({ name, version }: Pack, target: string, ...what: readonly string[]) =>
  onceFor('pack', name, version, target, ...what);

export const keptIf = (isSame: boolean): Step['outcome'] => (isSame ? 'kept' : 'different');
