import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import { problem } from '../web/problem.ts';
import { mustReadId } from '../web/schema.ts';
import { findProgramme } from './programme-store.ts';
import { type PublishingProgramme, reachesProgramme, type View } from './published.ts';

const DEFAULT_PROGRAMME = 'default';

/**
 * Where what a request asks for belongs: with a merchant to its programme, else to the one named, or the caller's, or the
 * default one. Refused: `merchant_out_of_reach`, `merchant_not_found`, `programme_not_found`.
 */
export async function placeOf(
  tx: Transaction,
  asked: { readonly programme?: string; readonly merchantId?: string },
  view: View,
): Promise<{ readonly programme: PublishingProgramme; readonly merchant: Uuid | null } | Refusal> {
  const merchant =
    asked.merchantId === undefined ? view.merchant : mustReadId('merchant', asked.merchantId);
  if (view.merchant !== null && merchant !== view.merchant) return problem('merchant_out_of_reach');
  const named =
    asked.programme === undefined ? undefined : await findProgramme(tx, { code: asked.programme });
  const isReached = named !== undefined && reachesProgramme(view, named.id);
  if (asked.programme !== undefined && !isReached) return problem('programme_not_found');
  if (merchant === null) {
    const usual = view.programme === null ? { code: DEFAULT_PROGRAMME } : { id: view.programme };
    const programme = named ?? (await findProgramme(tx, usual));
    return programme === undefined ? problem('programme_not_found') : { programme, merchant };
  }
  const own = await findProgramme(tx, { merchant });
  // A merchant takes part in one programme: elsewhere there is no such merchant.
  const isHere =
    own !== undefined && reachesProgramme(view, own.id) && own.id === (named ?? own).id;
  return isHere ? { programme: own, merchant } : problem('merchant_not_found');
}
