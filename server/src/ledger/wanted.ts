import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { accountKey } from './book.ts';
import { type Command, type Counted, subjectOf } from './command.ts';
import { PLATFORM } from './transaction.ts';

const ALL_LOTS = 2_147_483_647;

/**
 * How many lots of its account, in spending order, a command is decided on in the first, second and
 * third round. Most burns are settled by the first few lots, most returns by the one they name.
 */
function lotsFor(command: Command, round: number): number {
  switch (command.kind) {
    case 'burn':
    case 'hold':
    case 'convert':
      return [32, 512, ALL_LOTS][round] ?? ALL_LOTS;
    case 'transfer_out':
      return command.points === undefined ? ALL_LOTS : ([32, 512][round] ?? ALL_LOTS);
    case 'adjust':
      return command.points > 0 ? 0 : ALL_LOTS;
    case 'expire':
      return round === 0 ? 512 : ALL_LOTS;
    case 'mature':
      return command.earn === undefined ? ALL_LOTS : 0;
    case 'return':
    case 'claw_back':
      return round === 0 ? 0 : ALL_LOTS;
    default:
      return 0;
  }
}

/** What a command is counted on. */
function limitsOf(command: Command): readonly Counted[] {
  switch (command.kind) {
    case 'issue':
    case 'transfer_out':
    case 'return':
    case 'claw_back':
      return command.limits ?? [];
    case 'transfer_return':
      return (command.counters ?? []).map((counter) => ({ counter }));
    default:
      return [];
  }
}

/** What a batch needs: accounts with how many of their lots, earlier transactions, limits. */
export interface Wanted {
  readonly accounts: readonly {
    readonly member: Uuid;
    readonly pointType: number;
    readonly lots: number;
  }[];
  readonly subjects: ReadonlySet<Uuid>;
  /** Lots that are named. */
  readonly arrived: ReadonlySet<Uuid>;
  readonly counters: readonly { readonly member: Uuid; readonly name: string }[];
  readonly budgets: ReadonlySet<Uuid>;
  /** Open lots that slide by so many months and lapse before `until`: what an activity extends. */
  readonly sliding: readonly {
    readonly member: Uuid;
    readonly pointType: number;
    readonly months: number;
    readonly until: Instant;
  }[];
  /** Whose prices decide; the platform's are the standard ones. */
  readonly prices: readonly {
    readonly programme: number;
    readonly pointType: number;
    readonly merchant: Uuid;
  }[];
  /** Accounts whose open lots that slide are counted, because another one is to be made. */
  readonly counted: readonly { readonly member: Uuid; readonly pointType: number }[];
}

/** Later than every end: an activity that takes effect later than it was asked to extends more than it says. */
const ALL_ENDS = Number.MAX_SAFE_INTEGER;

/** Adds whose prices a command is decided by, beside the standard ones; of a capture it is its hold's merchant. */
function addPriced(merchants: Set<Uuid>, command: Command): void {
  switch (command.kind) {
    case 'issue':
      merchants.add(command.merchant);
      for (const { merchant } of command.funders ?? []) merchants.add(merchant);
      return;
    case 'adjust':
    case 'burn':
    case 'hold':
      merchants.add(command.merchant);
      return;
    default:
      return;
  }
}

export function wantedBy(commands: readonly Command[], round: number): Wanted {
  const accounts = new Map<string, { member: Uuid; pointType: number; lots: number }>();
  const subjects = new Set<Uuid>();
  const arrived = new Set<Uuid>();
  const counters: { member: Uuid; name: string }[] = [];
  const budgets = new Set<Uuid>();
  const sliding = new Map<
    string,
    { member: Uuid; pointType: number; months: number; until: Instant }
  >();
  const counted = new Map<string, { member: Uuid; pointType: number }>();
  const prices = new Map<number, { programme: number; merchants: Set<Uuid> }>();
  const want = (member: Uuid, pointType: number, lots: number): void => {
    const key = accountKey(member, pointType);
    const account = accounts.get(key);
    if (account === undefined) accounts.set(key, { member, pointType, lots });
    else account.lots = Math.max(account.lots, lots);
  };
  const price = (programme: number, pointType: number): Set<Uuid> => {
    const known = prices.get(pointType);
    if (known !== undefined) return known.merchants;
    const merchants = new Set([PLATFORM]);
    prices.set(pointType, { programme, merchants });
    return merchants;
  };
  for (const command of commands) {
    const { member, pointType, programme } = command;
    addPriced(price(programme, pointType), command);
    if (command.kind === 'convert') price(programme, command.to);
    want(member, pointType, lotsFor(command, round));
    if (command.kind === 'convert') want(member, command.to, 0);
    if (command.kind === 'claw_back' || command.kind === 'mature')
      for (const lot of command.arrived ?? []) arrived.add(lot);
    if ('sliding' in command)
      for (const { months, to } of command.sliding?.ends ?? []) {
        const key = `${accountKey(member, pointType)}/${months}`;
        const until = Math.max(round === 0 ? to : ALL_ENDS, sliding.get(key)?.until ?? 0);
        sliding.set(key, { member, pointType, months, until });
      }
    if (command.kind === 'issue' && command.slideMonths !== undefined)
      counted.set(accountKey(member, pointType), { member, pointType });
    const subject = subjectOf(command);
    if (subject !== null) subjects.add(subject);
    for (const limit of limitsOf(command)) {
      if ('budget' in limit) budgets.add(limit.budget);
      else counters.push({ member, name: limit.counter });
    }
  }
  return {
    ...{ accounts: [...accounts.values()], subjects, arrived, counters, budgets },
    ...{ sliding: [...sliding.values()], counted: [...counted.values()] },
    prices: [...prices].flatMap(([pointType, { programme, merchants }]) =>
      [...merchants].map((merchant) => ({ programme, pointType, merchant })),
    ),
  };
}
