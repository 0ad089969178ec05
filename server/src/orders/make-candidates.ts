import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { Merchants } from '../merchants/registry.ts';
import { problem } from '../platform/web/problem.ts';

interface Request {
  readonly told: { readonly merchant: Uuid; readonly member: Uuid };
  /** The only programme the caller reaches; what is in others is not there. */
  readonly programme: number | null;
}

/** What is about to be recorded; a refusal counts only if it was not recorded before. */
interface Candidate {
  readonly refusal: Refusal | null;
}

/**
 * Checks which merchant and member each request names and makes a candidate of it; answers in order.
 * A member who became part of another is refused, unless `mayBeMerged` says that it is nothing new.
 */
export async function makeCandidates<R extends Request, C extends Candidate>(
  { merchants, members }: { readonly merchants: Merchants; readonly members: Members },
  requests: readonly R[],
  make: (request: R, merchant: Merchant) => C | Refusal,
  mayBeMerged: (request: R) => boolean = () => false,
): Promise<(C | Refusal)[]> {
  const known = await members.exists(requests.map((request) => request.told.member));
  const out: (C | Refusal)[] = [];
  for (const request of requests) {
    const { merchant: id, member } = request.told;
    const { programme } = request;
    const found = merchants.find(id);
    const merchant = found instanceof Promise ? await found : found;
    const isSeen = programme === null || merchant?.programme === programme;
    if (merchant === undefined || !isSeen) out.push(problem('merchant_not_found'));
    else if (!known.has(member)) out.push(problem('member_not_found'));
    else {
      const candidate = make(request, merchant);
      const path = mayBeMerged(request) ? [] : members.survivors(member);
      const gone = mergedAway(path instanceof Promise ? await path : path);
      out.push(
        gone === undefined || 'code' in candidate ? candidate : { ...candidate, refusal: gone },
      );
    }
  }
  return out;
}
