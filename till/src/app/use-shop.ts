import { setConnection } from '@hongmi/ui/connection.ts';
import { failureOf } from '@hongmi/ui/failure.ts';
import { wasSignedIn } from '@hongmi/ui/session.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';
import { fetchShop, type Shop } from './shop.ts';
import { finishSignOut } from './sign-out.ts';
import { keepShop, keptShop, keptStore, signedOut } from './storage.ts';

/** `signed_out`: `kept` is whose shop it was, and what waits there; `isEnding`: the server has yet to hear of it. */
export type AtShop =
  | { readonly state: 'here'; readonly shop: Shop; readonly store: string | undefined }
  | { readonly state: 'signed_out'; readonly kept: Shop | undefined; readonly isEnding?: true }
  | { readonly state: 'no_merchant' };

/** A clock is measured a little differently each time: what is as good as before stays as it was. */
const JITTER_MS = 2_000;

function withSteadyClock(found: Shop, kept: Shop | undefined): Shop {
  if (kept === undefined || Math.abs(found.offsetMs - kept.offsetMs) > JITTER_MS) return found;
  return { ...found, offsetMs: kept.offsetMs };
}

/** Whether nobody goes on as somebody who signed out. */
async function hasEnded(): Promise<boolean> {
  try {
    await finishSignOut();
    return true;
  } catch (error) {
    if (failureOf(error).kind !== 'unreachable') throw error;
    setConnection({ isReachable: false });
    return false;
  }
}

const SHOP_KEY = ['shop'];
/** What it knows is asked for anew this often: offers, limits, the clock. */
const STALE_MS = 5 * 60_000;

/** Where somebody works, asked of the platform, or as it was kept while nobody answers. */
export function useShop() {
  return useQuery({
    queryKey: SHOP_KEY,
    staleTime: STALE_MS,
    refetchInterval: STALE_MS,
    networkMode: 'always',
    async queryFn(): Promise<AtShop> {
      const [kept, store] = await Promise.all([keptShop(), keptStore()]);
      if (!(await hasEnded())) return { state: 'signed_out', kept, isEnding: true };
      const isSomebodys = kept !== undefined && (await signedOut()) === undefined;
      if (!isSomebodys && !wasSignedIn('hongmi_session')) return { state: 'signed_out', kept };
      try {
        const found = await fetchShop(await hongmi.whoAmI());
        if (found === undefined) return { state: 'no_merchant' };
        const shop = withSteadyClock(found, kept);
        await keepShop(shop);
        setConnection({ isReachable: true });
        return { state: 'here', shop, store };
      } catch (error) {
        const { kind } = failureOf(error);
        if (kind === 'session') return { state: 'signed_out', kept };
        if (kind !== 'unreachable' || kept === undefined || !isSomebodys) throw error;
        setConnection({ isReachable: false });
        return { state: 'here', shop: kept, store };
      }
    },
  });
}
