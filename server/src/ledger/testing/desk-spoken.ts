import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { MemberAccount, Written } from '../book.ts';
import type { Command } from '../command.ts';
import type { Surroundings } from '../decide.ts';
import type { PriceRow } from '../price-list.ts';
import { type Account, type Entry, PLATFORM } from '../transaction.ts';
import { Desk, idOf } from './desk.ts';

export const MEMBER: Uuid = idOf('member');
export const SHOP: Uuid = idOf('shop');
export const POINTS = 1;
/** Another point type, for conversions. */
export const MILES = 2;

/** A price that refuses nobody, and draws on nothing. */
const FREE = { issuing: null, accepting: null, funding: null, quota: null };

type Loose<T> = T extends Command
  ? Omit<T, 'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'merchant'>
  : never;
export type Said = Loose<Command> &
  Partial<Pick<Command, 'member' | 'pointType' | 'effectiveAt'>> & { readonly merchant?: Uuid };

/**
 * A desk spoken to in few words. What a transaction did is told as one line per entry, in which lots and
 * transactions have the names they were given: `take 5 of a: member → acquirer shop`. A refusal is its code
 * and its facts.
 */
export class SpokenDesk {
  readonly desk = new Desk();
  /** What the last command wrote. */
  written!: Written;
  /** What every command wrote. */
  readonly history: Written[] = [];
  readonly #names = new Map<Uuid, string>([
    [MEMBER, 'member'],
    [SHOP, 'shop'],
  ]);

  /** At the programme's time `now`, as the transaction `name`. */
  do(now: Instant, name: string, said: Said, refusal: Surroundings['refusal'] = null): Told {
    const { member = MEMBER, pointType = POINTS, effectiveAt = null, ...rest } = said;
    const base = { key: name, id: idOf(name), programme: 1, pointType, member, effectiveAt };
    const command = { ...base, merchant: SHOP, ...rest } as Command;
    this.#names.set(idOf(name), name);
    this.written = this.desk.execute(command, now, refusal);
    this.history.push(this.written);
    for (const [index, { id }] of this.written.lotsMade.entries())
      this.#names.set(id, index === 0 ? name : `${name}.${index + 1}`);
    const { transaction } = this.written;
    if (transaction.refusal === null)
      return transaction.entries.map((entry) => this.#tell(entry, pointType));
    const { code, facts } = transaction.refusal;
    return facts === undefined ? code : `${code} ${JSON.stringify(facts)}`;
  }

  /** From `from` on points of a merchant (null: of everybody else's) are worth so much; micro-fen per point. */
  price(from: Instant, merchant: Uuid | null, terms: Partial<PriceRow> = {}): void {
    const usual = { pointType: POINTS, issuePrice: 10, reimbursement: 9, fee: 1 };
    this.desk.price(merchant ?? PLATFORM, [{ ...usual, ...FREE, ...terms, from }]);
  }

  /** A budget of which so much is left, whichever shard it was lent to. */
  budget(name: string, left: number): Uuid {
    const budget = idOf(name);
    this.#names.set(budget, name);
    const nothing = { spent: 0, spentMost: 0 };
    this.desk.book.allotments.set(budget, { budget, left, surveyed: true, ...nothing });
    return budget;
  }

  /** What the last command made owed, a line for each who pays: `use 4: shop 40 → cinema 36 - 2`. */
  owed(): string[] {
    return this.written.accruals.map(({ kind, points, payer, taker, owed, due, fee }) => {
      const sides = `${this.#names.get(payer)} ${owed} → ${this.#names.get(taker)} ${due} - ${fee}`;
      return `${kind} ${points}: ${sides}`;
    });
  }

  /** Another name for somebody or something. */
  call(id: Uuid, name: string): void {
    this.#names.set(id, name);
  }

  /** Free points of each lot that has points left, in spending order. */
  lots(pointType = POINTS, member = MEMBER): Record<string, number> {
    this.desk.reload();
    const { lots } = this.account(pointType, member);
    return Object.fromEntries(
      lots.map((lot) => [this.#names.get(lot.id), lot.remaining - lot.held]),
    );
  }

  account(pointType = POINTS, member = MEMBER): MemberAccount {
    return this.desk.book.account(member, pointType, 1);
  }

  totals(pointType = POINTS, member = MEMBER) {
    const { free, held, debt } = this.account(pointType, member);
    return { free, held, debt };
  }

  #tell({ kind, points, pointType, lot, from, to, ref, expiresAt }: Entry, own: number): string {
    const about = ref === null ? '' : ` for ${this.#names.get(ref)}`;
    const until = expiresAt === null ? '' : ` until ${expiresAt}`;
    const type = pointType === own ? '' : ` (type ${pointType})`;
    const sides = `${this.#side(from)} → ${this.#side(to)}`;
    return `${kind} ${points} of ${this.#names.get(lot)}${type}: ${sides}${about}${until}`;
  }

  #side({ role, owner }: Account): string {
    if (owner === null || owner === PLATFORM) return role;
    const name = this.#names.get(owner);
    return role === name ? role : `${role} ${name}`;
  }
}

/** What was written, line by line; or the refusal. */
export type Told = string[] | string;
