import type { FieldName } from '../design/telling.ts';

/** Parts of terms, and the field of the form in which each stands; of a list, the place is the pattern's group, and `part` its field. */
type Place<Values> = readonly [pointer: RegExp, field: keyof Values & string, part?: string];

/** Finds the field of a part by its JSON pointer into the terms: of the patterns that fit it, by the first. */
export const fieldIn =
  <Values extends object>(places: readonly Place<Values>[]) =>
  (pointer: string): FieldName | undefined => {
    for (const [pattern, field, part] of places) {
      const [found, place] = pattern.exec(pointer) ?? [];
      if (found !== undefined) return part === undefined ? field : [field, Number(place), part];
    }
    return undefined;
  };
