import type { Uuid } from '../../kernel/id.ts';
import type { Award, Occasion } from '../rating.ts';

/** What limits left of an award. */
export interface Granted {
  readonly award: Award;
  readonly points: number;
}

/** What a replay shows of the drafts that are tried: whom they leave worse off, and on what they were tried. */
export class Evidence {
  /** Orders that would be given less of some points, later, or for shorter. */
  worse = 0;
  /** By version (empty: the merchants' own ratios): orders for which it gave points before and a draft does after. */
  readonly met = new Map<string, number>();
  /** By ratio, points/fen: orders for which a draft gives points. */
  readonly ratios = new Map<string, number>();
  readonly #drafts: ReadonlySet<Uuid>;

  constructor(drafts: ReadonlySet<Uuid>) {
    this.#drafts = drafts;
  }

  /** Null: the order is worth more than a number can show. */
  add(
    { ratio }: Occasion,
    before: readonly Granted[] | null,
    after: readonly Granted[] | null,
  ): void {
    if (before === null) return;
    if (after === null || isWorse(before, after)) this.worse += 1;
    const isTried = after?.some(
      ({ award }) => award.version !== null && this.#drafts.has(award.version),
    );
    if (isTried !== true) return;
    for (const version of new Set(before.map(({ award }) => award.version ?? '')))
      this.met.set(version, (this.met.get(version) ?? 0) + 1);
    const name = `${ratio.points}/${ratio.perFen}`;
    this.ratios.set(name, (this.ratios.get(name) ?? 0) + 1);
  }
}

function isWorse(before: readonly Granted[], after: readonly Granted[]): boolean {
  // Most orders have nothing to do with what is tried.
  const isSame =
    before.length === after.length &&
    before.every(({ award, points }, place) => {
      const other = after[place];
      return other?.award === award && other.points === points;
    });
  if (isSame) return false;
  const sums = new Map<string, number>();
  for (const each of after) add(sums, each, each.points);
  for (const each of before) add(sums, each, -each.points);
  return [...sums.values()].some((left) => left < 0);
}

/** Points of one kind, that can be spent in the same time. Of longer ones there is no saying that they make up for shorter. */
function add(sums: Map<string, number>, { award }: Granted, points: number): void {
  const { pointType, availableAt, onCompletion, expiresAt } = award;
  const kind = `${pointType} ${availableAt ?? ''} ${expiresAt === undefined ? 'usual' : expiresAt}`;
  // No completion is known to a replay. What one may let go before its days is there after them all the same.
  const kinds = onCompletion ? [kind, `${kind} or before`] : [kind];
  for (const each of kinds) sums.set(each, (sums.get(each) ?? 0) + points);
}
