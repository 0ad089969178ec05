import type { Words } from '../kernel/reward.ts';
import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import { forbiddenWordIn } from '../platform/publishing/wording.ts';
import { typedClaimIn } from './typed-claim.ts';

/** What is wrong with words that members read, at `path`. Who sells a share of a bill may say which. */
export function wordsProblems(
  path: string,
  words: Words | undefined,
  mayClaim = false,
): BodyProblem[] {
  return Object.entries(words ?? {}).flatMap(([language, text]: [string, string]) => {
    const word = forbiddenWordIn(text);
    const claim = mayClaim ? undefined : typedClaimIn(text);
    return [
      ...(word === undefined
        ? []
        : [
            problemOf(
              `${path}/${language}`,
              'forbidden_wording',
              `“${word}” promises what points may not be or takes members’ rights away`,
            ),
          ]),
      ...(claim === undefined
        ? []
        : [
            problemOf(
              `${path}/${language}`,
              'typed_claim',
              `“${claim}” is computed and shown beside the price: leave it out`,
            ),
          ]),
    ];
  });
}
