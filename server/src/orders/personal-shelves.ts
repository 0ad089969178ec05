import { readAbsorbed } from '../members/merged.ts';
import type { Transaction } from '../platform/database.ts';
import type { Shelf } from './shelf-store.ts';

/** A member's own shelf at a merchant, and those of whoever has become part of them. */
export async function personalShelves(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<(shelf: Shelf) => Shelf[]> {
  const absorbed = await readAbsorbed(
    tx,
    shelves.map((shelf) => shelf.member),
  );
  return ({ member, merchant }) => [
    { member, merchant },
    ...absorbed
      .filter(({ survivor }) => survivor === member)
      .map((each) => ({ member: each.absorbed, merchant })),
  ];
}
