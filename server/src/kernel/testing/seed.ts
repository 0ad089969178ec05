import { randomInt } from 'node:crypto';

const USUAL = 20_261_122;

/**
 * The seed of a test that throws dice: the same in every run, so that a change is judged by nothing but itself.
 * `HONGMI_SEED=random npm test` looks for what nobody thought of, `HONGMI_SEED=N npm test` at a failure again.
 */
export function testSeed(what: string): number {
  const wanted = process.env.HONGMI_SEED;
  const seed = wanted === 'random' ? randomInt(2 ** 31) : Number(wanted || USUAL);
  if (!Number.isSafeInteger(seed)) throw new Error(`HONGMI_SEED is no number: ${wanted}`);
  console.info(`${what}: seed ${seed}`);
  return seed;
}
