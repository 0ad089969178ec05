import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import type { Family } from './family.ts';
import type { Compared, Draft, Item, Published, WorseChange } from './published.ts';

/** How a family is published, as far as families differ. */
export interface Publishing<Body> {
  readonly family: Family;
  /** Items that one owner may have in force or announced: every process holds all of them. */
  readonly itemsMax: number;
  /** What is wrong with a body for an item of this owner, or null. */
  readonly check: (
    tx: Transaction,
    programme: { readonly id: number },
    merchant: Uuid | null,
    body: Body,
  ) => Promise<Refusal | null>;
  /**
   * Whether a draft is proven to be no worse for members than what it replaces: the versions of its item that would be in
   * force from then on, or, where there are none, what holds without the item.
   */
  readonly judge: (tx: Transaction, change: Judged<Body>) => Promise<Compared | Refusal>;
  /** What members are told of it. */
  readonly tellOf: (body: Body) => Pick<WorseChange, 'name' | 'description'>;
  /** Whether nobody can lose anything by its end any more: the last day of its body is before `today`. */
  readonly isOver: (body: Body, today: string) => boolean;
}

/** A change that is about to be published. */
export interface Judged<Body> {
  readonly item: Item;
  readonly replaced: readonly Published<Body>[];
  readonly draft: Draft<Body>;
  /** By the programme's clock. */
  readonly now: Instant;
}
