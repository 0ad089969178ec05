import type { Uuid } from '../../kernel/id.ts';
import type { Leftovers } from '../../kernel/leftovers.ts';
import { type Sql, type Transaction, withTransaction } from '../../platform/database.ts';
import { isOver } from '../steps.ts';
import { cancelBySupplier } from './cancel-by-supplier.ts';
import type { Case } from './case.ts';
import type { AfterSalesDeps } from './deps.ts';
import { endCase, type Settling } from './settle-cases.ts';
import {
  findCancellation,
  readCancelled,
  readOpenCancellations,
  type SupplierCancellation,
  writeProgress,
} from './supplier-store.ts';

/** Redemptions that are looked at before it is noted how far it came. */
const PAGE = 100;
/** Pages in one go of the job; the rest waits a minute, and lets others have their turn. */
const PAGES_MAX = 100;

/** Cancels all that was redeemed of a reward, page by page. */
export interface CancellingMany {
  /** Looks at the next page; answers it as it is then. */
  goOn(id: Uuid): Promise<SupplierCancellation>;
  /** The same in a transaction that is taken back. */
  rehearse(tx: Transaction, id: Uuid): Promise<SupplierCancellation>;
  /** What was begun and is not done. */
  readonly leftovers: Leftovers<SupplierCancellation>;
}

export function createCancellingMany(deps: AfterSalesDeps, settling: Settling): CancellingMany {
  const { pool, clock } = deps;

  /** What is on its way may still be handed out: then there is another round. So there is for what failed. */
  async function page(
    sql: Sql,
    each: SupplierCancellation,
    cancelOne: (redemption: Uuid) => Promise<void>,
  ): Promise<SupplierCancellation> {
    const found = await readCancelled(sql, each, PAGE);
    const failures: unknown[] = [];
    for (const { id } of found.filter(({ state }) => state === 'fulfilled'))
      await cancelOne(id).catch((error: unknown) => failures.push(error));
    const isUnderWay = found.some(({ state }) => state !== 'fulfilled' && !isOver(state));
    const again = each.again || isUnderWay || failures.length > 0;
    const isLast = found.length < PAGE;
    await writeProgress(sql, each, {
      lookedAt: isLast ? null : (found.at(-1)?.id ?? null),
      again: isLast ? false : again,
      doneAt: isLast && !again ? clock.now() : null,
    });
    if (failures.length > 0) throw new AggregateError(failures, 'not all could be cancelled yet');
    return await mustFind(sql, each.id);
  }

  async function mustFind(sql: Sql, id: Uuid): Promise<SupplierCancellation> {
    const found = await findCancellation(sql, id);
    if (found === undefined) throw new Error(`there is no cancellation ${id}`);
    return found;
  }

  /** Undefined: nothing is left of it. */
  async function cancelIn(
    tx: Transaction,
    { id, reason, note, actor, by, onShelf }: SupplierCancellation,
    redemption: Uuid,
  ): Promise<Case | undefined> {
    const said = { by, actor, note };
    const why = { reason, said, onShelf, cancellation: id };
    const told = await cancelBySupplier(tx, deps, redemption, why);
    return 'code' in told ? undefined : told;
  }

  const nextPage = (each: SupplierCancellation): Promise<SupplierCancellation> =>
    page(pool, each, async (redemption) => {
      const told = await withTransaction(pool, (tx) => cancelIn(tx, each, redemption));
      if (told !== undefined) await settling.settle([told.id]);
    });

  return {
    async goOn(id) {
      const each = await mustFind(pool, id);
      return each.doneAt === null ? await nextPage(each) : each;
    },
    async rehearse(tx, id) {
      const each = await mustFind(tx, id);
      return await page(tx, each, async (redemption) => {
        const told = await cancelIn(tx, each, redemption);
        if (told !== undefined) await endCase(tx, deps, told);
      });
    },
    leftovers: {
      read: (_, after, limit) => readOpenCancellations(pool, after?.id ?? null, limit),
      async finish(list) {
        let done = 0;
        for (const begun of list) {
          let each = begun;
          for (let pages = 0; pages < PAGES_MAX; pages += 1) {
            each = await nextPage(each);
            if (each.doneAt !== null || each.lookedAt === null) break;
          }
          if (each.doneAt !== null) done += 1;
        }
        return done;
      },
    },
  };
}
