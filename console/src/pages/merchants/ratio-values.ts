import type { components } from '@hongmi/sdk';

export type EarnRatio = components['schemas']['EarnRatio'];

const FEN_PER_YUAN = 100;

export interface RatioValues {
  readonly points: number;
  /** To the fen. */
  readonly perYuan: number;
}

export const ratioOf = ({ points, perYuan }: RatioValues): EarnRatio => ({
  points,
  perFen: Math.round(perYuan * FEN_PER_YUAN),
});
export const valuesOf = ({ points, perFen }: EarnRatio): RatioValues => ({
  points,
  perYuan: perFen / FEN_PER_YUAN,
});
