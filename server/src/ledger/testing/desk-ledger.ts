import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { refusal } from '../../kernel/refusal.ts';
import type { Book, Lot } from '../book.ts';
import { type Command, KINDS, type NewLot } from '../command.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { Ledger } from '../ledger.ts';
import { withEnds } from '../slide.ts';
import type { Answer, Receipt } from '../transaction.ts';
import { accrualLines } from './accrual-lines.ts';
import { Desk, idOf } from './desk.ts';
import type { ModelWorld } from './play.ts';
import { SLIDES } from './scenario.ts';
import type { Recorded, State } from './witness.ts';

/** One {@link Desk} behind the face of a ledger of one shard, with what a judge asks about afterwards. */
export interface DeskLedger extends Ledger {
  readonly recorded: readonly Recorded[];
  readState(): State;
  /** Where the state differs from verify's replay of all that was recorded. */
  audit(): string[];
  price(world: ModelWorld): void;
  termsOf(lots: readonly Uuid[]): ReadonlyMap<Uuid, NewLot>;
}

export function createDeskLedger(now: () => Instant): DeskLedger {
  const desk = new Desk();
  const recorded: Recorded[] = [];
  const answers = new Map<string, { readonly fingerprint: Buffer; readonly answer: Answer }>();
  let ids = 0;

  const answer = (asked: Command): Answer => {
    const command = withEnds(asked, SLIDES, now());
    const known = answers.get(command.key);
    const fingerprint = fingerprintOf(command);
    if (known?.fingerprint.equals(fingerprint)) return { ...known.answer, replayed: true };
    if (known !== undefined) {
      const reused = refusal('idempotency_key_reused', 'this key was used before');
      return {
        ...{ status: 'refused', replayed: false, refusal: reused },
        ...{ transaction: null, receipt: null },
      };
    }
    const { transaction, accruals } = desk.execute(command, now());
    const block = recorded.length + 1;
    const receipt: Receipt = { shard: 0, block, position: 0, hash: '', recordedAt: now() };
    const { id, key, points, effectiveAt, balanceAfter, refusal: refused } = transaction;
    recorded.push({
      ...{ shard: 0, block, position: 0, blockHash: '', recordedAt: now() },
      ...{ id, key, kind: KINDS[transaction.kind], points, effectiveAt, balanceAfter },
      refusal: refused?.code ?? null,
      accruals: accrualLines(accruals),
    });
    const first: Answer =
      refused === null
        ? { status: 'applied', replayed: false, transaction, receipt }
        : { status: 'refused', replayed: false, refusal: refused, transaction, receipt };
    answers.set(key, { fingerprint, answer: first });
    return first;
  };

  return {
    recorded,
    submit: async (command) => answer(command),
    submitAll: async (commands) => {
      desk.reload();
      return commands.map(answer);
    },
    // Nothing is foretold here: a preview is the engine's.
    preview: async () => [],
    shardOf: () => 0,
    newId: () => idOf(`given ${ids++}`),
    resumeClaims: async () => 0,
    drain: async () => undefined,
    readState: () => stateOf(desk.book),
    audit: () => desk.audit(),
    price: ({ prices, budgets }) => {
      for (const { merchant, ...row } of prices) desk.price(merchant, [row]);
      for (const [budget, left] of budgets) {
        const spent = { spent: 0, spentMost: 0 };
        desk.book.allotments.set(budget, { budget, ...spent, left, surveyed: true });
      }
    },
    termsOf: (lots) => new Map(lots.map((lot) => [lot, desk.book.terms.get(lot) as NewLot])),
  };
}

/** The lines that witness.ts reads from a database. */
function stateOf(book: Book): State {
  const made = new Map<Uuid, { readonly of: string; readonly name: string }>();
  for (const { id, member, entries } of book.transactions.values()) {
    const lots = entries.filter((entry) => entry.kind === 'issue');
    for (const [index, { lot, pointType }] of lots.entries())
      made.set(lot, { of: `${member} ${pointType}`, name: index === 0 ? id : `${id}.${index}` });
  }
  const nameOf = (lot: Uuid): string => made.get(lot)?.name ?? lot;
  const lotLine = (lot: Lot): string =>
    `${made.get(lot.id)?.of} ${nameOf(lot.id)} of ${lot.issuer} issued ${lot.issued} amount ${lot.amount} ` +
    `remaining ${lot.remaining} held ${lot.held} expired ${lot.expired} recovered ${lot.expiredRecovered} ` +
    `returned ${lot.returned} until ${lot.expiresAt ?? 'ever'} ` +
    (lot.remaining === 0 ? 'closed' : lot.pending ? 'pending' : 'matured');
  // The entries from nothing to nothing touch an account too; one that was only looked for was not.
  const accounts = [...book.accounts.values()].filter((each) => each.lastEffectiveAt !== 0);
  return {
    lots: [...book.lots.values()].map(lotLine).sort(),
    accounts: accounts
      .map((each) => {
        const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = each;
        return `${each.member} ${each.pointType} free ${free} held ${held} debt ${debt} earned ${earned} redeemed ${redeemed} expired ${expired} last ${lastEffectiveAt}`;
      })
      .sort(),
    holds: [...book.holds.values()]
      .map(({ id, member, pointType, expiresAt, remaining, takes }) => {
        const pins = takes.map(({ lot, points }) => `${nameOf(lot)}:${points}`).join(',');
        return `${member} ${pointType} ${id} until ${expiresAt} left ${remaining}${remaining > 0 ? ` ${pins}` : ''}`;
      })
      .sort(),
    debts: accounts
      .flatMap(({ member, pointType, debts }) =>
        debts
          .filter((debt) => debt.remaining > 0)
          .map((debt) => `${member} ${pointType} for ${nameOf(debt.lot)} left ${debt.remaining}`),
      )
      .sort(),
    limits: [...book.counters]
      .filter(([, value]) => value > 0)
      .map(([key, value]) => `${key.replace('/', ' ')} ${value}`)
      .sort(),
    counters: [...book.counterDeltas.values()]
      .filter(({ points }) => points !== 0n)
      .map(({ account: { role, owner }, pointType, points }) => {
        const isPlatform = ['breakage', 'in_transit', 'conversion'].includes(role);
        return `${isPlatform ? role : `${role}:${owner}`}/${pointType} ${points}`;
      })
      .sort(),
  };
}
