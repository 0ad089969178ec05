import { describe, expect, it } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import type { Written } from '../book.ts';
import { idOf, leafOf } from '../testing/desk.ts';
import { MEMBER, SHOP, SpokenDesk } from '../testing/desk-spoken.ts';
import { ACCRUAL_KINDS, Accruals, split } from './accruals.ts';
import { compareAccruals } from './compare-accruals.ts';
import { LeafView } from './leaf.ts';

const [BANK, CINEMA] = [idOf('bank'), idOf('cinema')];
const NAMES = new Map<Uuid, string>([
  [SHOP, 'shop'],
  [BANK, 'bank'],
  [CINEMA, 'cinema'],
]);
const KINDS = Object.entries(ACCRUAL_KINDS);

/** A desk at which every use is marked with a price, as in a cleared programme. */
class PricedDesk {
  readonly spoken = new SpokenDesk();
  readonly accruals = new Accruals();

  constructor() {
    this.accruals.clear(1, 1, 0);
  }

  /** Does something; answers what it accrued, a line for each row: `use 4: shop 40 → cinema 36 - 2`. */
  do(now: number, name: string, said: Said, price?: string): string[] {
    this.spoken.do(now, name, said);
    return this.play(price);
  }

  private play(price: string | undefined): string[] {
    const { written } = this.spoken;
    const marked: Written =
      price === undefined ? written : { ...written, marks: [...written.marks, price] };
    const due = this.accruals.play(new LeafView().read(leafOf(marked)));
    return [...due.values()].flatMap(({ rows, isOptional }) =>
      rows.map(({ kind, payer, taker, points, owed, due, fee }) => {
        const what = KINDS.find(([, number]) => number === kind)?.[0];
        const sides = `${NAMES.get(payer)} ${owed} → ${NAMES.get(taker)} ${due} - ${fee}`;
        return `${isOptional ? 'perhaps ' : ''}${what} ${points}: ${sides}`;
      }),
    );
  }
}
type Said = Parameters<SpokenDesk['do']>[2];

/** A lot of the shop's whose points cost 10 each. */
const lot = (points: number, more: object = {}): Said =>
  ({ kind: 'issue', points, unitCost: 10, ...more }) as Said;
const burn = (points: number, more: object = {}): Said =>
  ({ kind: 'burn', points, merchant: CINEMA, ...more }) as Said;
const PRICE = 'price 9 1';
const shared = (...shares: number[]) => ({
  funders: shares.map((share, place) => ({ merchant: [SHOP, BANK, CINEMA][place] as Uuid, share })),
});

describe('what is used', () => {
  it('is owed by who issued it, at the cost of its lot, and due to who took it, at the price it was marked with', () => {
    const d = new PricedDesk();
    expect(d.do(0, 'a', lot(10))).toEqual([]);
    expect(d.do(0, 'b', lot(10, { unitCost: 20 }))).toEqual([]);
    expect(d.do(1, 'c', burn(14), PRICE)).toEqual([
      'use 10: shop 100 → cinema 90 - 10',
      'use 4: shop 80 → cinema 36 - 4',
    ]);
  });

  it('accrues nothing without a price, and of a lot without a cost', () => {
    const d = new PricedDesk();
    d.do(0, 'a', { kind: 'issue', points: 5 });
    d.do(0, 'b', lot(10));
    expect(d.do(1, 'c', burn(7), PRICE)).toEqual(['use 2: shop 20 → cinema 18 - 2']);
    expect(d.do(1, 'd', burn(8))).toEqual([]);
  });

  it('is nobody’s debt where who pays is who takes', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(10, shared(1, 1)));
    expect(d.do(1, 'b', { kind: 'burn', points: 4 }, 'price 9 1')).toEqual([
      'use 2: shop 20 → shop 20 - 0',
      'use 2: bank 20 → shop 18 - 2',
    ]);
  });

  it('is shared out so that the parts add up', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(10, shared(1, 1, 1)));
    expect(d.do(1, 'b', burn(4, { merchant: idOf('other') }), 'price 7 0')).toEqual([
      'use 2: shop 14 → undefined 10 - 0',
      'use 1: bank 13 → undefined 9 - 0',
      'use 1: cinema 13 → undefined 9 - 0',
    ]);
  });

  it('accrues when it is captured, not when it is held', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(10));
    expect(
      d.do(1, 'h', { kind: 'hold', points: 6, merchant: CINEMA, expiresAt: 9 } as Said),
    ).toEqual([]);
    expect(d.do(2, 'c', { kind: 'capture', hold: idOf('h'), points: 4 }, PRICE)).toEqual([
      'use 4: shop 40 → cinema 36 - 4',
    ]);
    expect(d.do(3, 'r', { kind: 'refund', burn: idOf('c'), graceMs: 0 })).toEqual([
      'reversal -4: shop -40 → cinema -36 - -4',
    ]);
    expect(d.do(3, 'u', { kind: 'release', hold: idOf('h') })).toEqual([]);
  });
});

describe('a refund', () => {
  it('takes back what its takes accrued, in parts that come to all of it', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(7, shared(2, 1)));
    expect(d.do(1, 'b', burn(7), 'price 9 1')).toEqual([
      'use 5: shop 47 → cinema 42 - 5',
      'use 2: bank 23 → cinema 21 - 2',
    ]);
    const back = [2, 3, 2].flatMap((points, part) =>
      d.do(2, `r${part}`, { kind: 'refund', burn: idOf('b'), points, graceMs: 0 }),
    );
    const sums = back.map((line) => line.match(/-?\d+/g)?.map(Number) ?? []);
    const sum = (first: number) =>
      [0, 1, 2, 3].map((field) =>
        sums.reduce((all, each, row) => all + (row % 2 === first ? (each[field] ?? 0) : 0), 0),
      );
    expect([sum(0), sum(1)]).toEqual([
      [-5, -47, -42, -5],
      [-2, -23, -21, -2],
    ]);
    expect(back.every((line) => line.startsWith('reversal'))).toBe(true);
  });

  it('that repays a debt takes the use back and settles the debt with the same points', () => {
    const d = new PricedDesk();
    d.do(0, 'gone', lot(5, { merchant: BANK }));
    d.do(0, 'a', lot(10));
    d.do(1, 'b', burn(15), PRICE);
    d.do(2, 'r', { kind: 'return', earn: idOf('gone'), points: 5, policy: 'debt' });
    expect(d.do(3, 'back', { kind: 'refund', burn: idOf('b'), points: 8, graceMs: 0 })).toEqual([
      'reversal -5: shop -50 → cinema -45 - -5',
      'repayment 5: shop 50 → bank 50 - 0',
      'reversal -3: shop -30 → cinema -27 - -3',
    ]);
  });
});

describe('an overdraft', () => {
  it('accrues when it is repaid, by the price of its burn and the cost of what repays it', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(4));
    expect(d.do(1, 'b', burn(10, { overdraftMax: 9 }), PRICE)).toEqual([
      'use 4: shop 40 → cinema 36 - 4',
    ]);
    expect(d.do(2, 'c', lot(5, { merchant: BANK, unitCost: 30 }))).toEqual([
      'use 5: bank 150 → cinema 45 - 5',
    ]);
    expect(d.do(3, 'd', { kind: 'issue', points: 1 })).toEqual([]);
  });

  it('accrues nothing where its burn had no price', () => {
    const d = new PricedDesk();
    d.do(1, 'b', burn(10, { overdraftMax: 10 }));
    expect(d.do(2, 'c', lot(10))).toEqual([]);
  });

  it('that is refunded before it was repaid was never used', () => {
    const d = new PricedDesk();
    d.do(1, 'b', burn(10, { overdraftMax: 10 }), PRICE);
    expect(d.do(2, 'r', { kind: 'refund', burn: idOf('b'), graceMs: 0 })).toEqual([]);
    expect(d.do(3, 'c', lot(10))).toEqual([]);
  });
});

describe('a debt about a returned lot', () => {
  it('is settled at the cost of the points that settle it, with who issued the lot', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(10));
    d.do(1, 'b', burn(10), PRICE);
    d.do(2, 'r', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    expect(d.do(3, 'own', lot(2, { unitCost: 50 }))).toEqual([]);
    expect(d.do(3, 'other', lot(3, { unitCost: 50, merchant: BANK }))).toEqual([
      'repayment 3: bank 150 → shop 150 - 0',
    ]);
    // Half of these points are of the very merchant who gets them: it owes itself nothing.
    expect(d.do(3, 'both', lot(4, { unitCost: 50, merchant: BANK, ...shared(1, 1) }))).toEqual([
      'repayment 2: bank 100 → shop 100 - 0',
    ]);
  });

  it('is settled so by what a return takes of other lots', () => {
    const d = new PricedDesk();
    d.do(0, 'a', lot(10));
    d.do(0, 'other', lot(10, { merchant: BANK, unitCost: 20 }));
    d.do(1, 'b', burn(6), PRICE);
    expect(
      d.do(2, 'r', { kind: 'return', earn: idOf('a'), points: 10, policy: 'within_balance' }),
    ).toEqual(['repayment 6: bank 120 → shop 120 - 0']);
  });

  it('is not settled by its own points that come back from elsewhere', () => {
    const d = new PricedDesk();
    const funders = shared(1, 1).funders;
    d.do(0, 'a', lot(10, { funders }));
    const own = d.spoken.written.lotsMade[0]?.id as Uuid;
    d.do(1, 'out', { kind: 'transfer_out', to: idOf('friend'), points: 10 });
    d.do(2, 'r', { kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' });
    const back = (transfer: string, lot: Uuid): Said =>
      ({
        ...{
          kind: 'transfer_in',
          from: idOf('friend'),
          debt: 0,
          source: { kind: 'transfer', id: idOf(transfer) },
        },
        lots: [
          {
            ...{ lot, points: 2, issuer: SHOP, funders, ruleVersion: null, evidence: null },
            ...{ unitCost: 10, availableAt: 0, expiresAt: null },
          },
        ],
      }) as Said;
    expect(d.do(3, 'in', back('t1', own))).toEqual([]);
    const bytes = (id: Uuid): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
    const rootOf = () => d.accruals.rootOf(bytes(d.spoken.written.lotsMade[0]?.id as Uuid));
    expect(rootOf()).toEqual({ id: bytes(own), isCertain: true });
    const [again] = d.spoken.written.lotsMade;
    expect(d.do(3, 'in again', back('t2', again?.id as Uuid))).toEqual([]);
    // By way of a shard that this one knows nothing of.
    expect(d.do(3, 'from afar', back('t3', idOf('elsewhere')))).toEqual([
      'perhaps repayment 1: bank 10 → shop 10 - 0',
    ]);
  });

  it('that was clawed back is owed to the same merchant', () => {
    const d = new PricedDesk();
    const claw = {
      kind: 'claw_back',
      earn: idOf('x'),
      lot: idOf('x lot'),
      points: 5,
      policy: 'debt',
      arrived: [],
    };
    d.do(0, 'c', { ...claw, giver: { role: 'issuer', merchant: BANK } } as unknown as Said);
    expect(d.do(3, 'own', lot(2))).toEqual(['repayment 2: shop 20 → bank 20 - 0']);
  });
});

describe('the rows that are there', () => {
  const d = new PricedDesk();
  d.do(0, 'a', lot(10, shared(1, 1)));
  d.spoken.do(1, 'b', burn(4));
  const written = { ...d.spoken.written, marks: [PRICE] };
  const expected = d.accruals.play(new LeafView().read(leafOf(written)));
  const rows = [...expected.values()].flatMap((due) =>
    due.rows.map((row, place) => ({ ...row, place })),
  );
  const codes = (stored: typeof rows) =>
    compareAccruals(expected, stored).map(({ code, facts }) =>
      `${code} ${facts.field ?? ''}`.trim(),
    );

  it('are right as they must be', () => {
    expect(rows).toHaveLength(2);
    expect(codes(rows)).toEqual([]);
  });

  it.each(['points', 'owed', 'due', 'fee', 'programme', 'pointType', 'effectiveAt'])(
    'are wrong with another %s',
    (field) => {
      const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]];
      const value = Reflect.get(first, field) as number | bigint;
      const changed = { ...first, [field]: typeof value === 'bigint' ? value + 1n : value + 1 };
      expect(codes([changed, second])).toEqual([`accrual_differs ${field}`]);
    },
  );

  it('are wrong when one is missing, is there twice, or is somebody else’s', () => {
    const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]];
    expect(codes([second])).toEqual(['accrual_missing']);
    expect(codes([first, second, { ...first, place: 2 }])).toEqual(['accrual_extra']);
    expect(codes([{ ...first, payer: MEMBER }, second])).toEqual(['accrual_differs payer']);
    expect(codes([{ ...first, place: 5 }, second])).toEqual(['accrual_missing', 'accrual_extra']);
    expect(codes([first, second, { ...first, seq: 99 }])).toEqual(['accrual_extra']);
  });
});

describe('shares', () => {
  it('go by the largest remainder, to the first of equals, however large', () => {
    expect(split(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(split(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(split(4_000_000_000_000_000_001n, [1n, 1n])).toEqual([
      2_000_000_000_000_000_001n,
      2_000_000_000_000_000_000n,
    ]);
    expect(split(3n, [0n, 5n])).toEqual([0n, 3n]);
  });
});
