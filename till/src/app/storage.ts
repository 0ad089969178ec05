import { openStorage, type TillStorage } from '../queue/open-shelf.ts';
import type { Shop } from './shop.ts';

let opened: Promise<TillStorage> | undefined;

/** A private window, or a disk that is full. */
export class NoStorage extends Error {}

/** What is kept on this machine; throws {@link NoStorage}. Asks the browser once not to throw it away when space gets short. */
export function storage(): Promise<TillStorage> {
  opened ??= openStorage().then(
    (found) => {
      void navigator.storage?.persist?.();
      return found;
    },
    (cause: unknown) => {
      opened = undefined;
      throw new NoStorage('the browser keeps nothing', { cause });
    },
  );
  return opened;
}

const SHOP = 'shop';

/** What was known of the shop when it was last asked for; undefined: never. */
export async function keptShop(): Promise<Shop | undefined> {
  return (await (await storage()).readFact(SHOP)) as Shop | undefined;
}

/** Somebody works here: what is kept goes on for them while nobody can be asked. */
export async function keepShop(shop: Shop): Promise<void> {
  const found = await storage();
  await found.keepFact(SHOP, shop);
  await found.keepFact(SIGNED_OUT, false);
}

const SIGNED_OUT = 'signed-out';

/** `ending`: the server has yet to be told. */
type SignedOut = 'ending' | 'ended';

/** Whether they signed out themselves: then nobody goes on as them. */
export async function signedOut(): Promise<SignedOut | undefined> {
  const kept = await (await storage()).readFact(SIGNED_OUT);
  return kept === 'ending' || kept === 'ended' ? kept : undefined;
}

export async function keepSignedOut(how: SignedOut): Promise<void> {
  await (await storage()).keepFact(SIGNED_OUT, how);
}

const STORE = 'store';
/** In place of a store's code, which begins with a letter. */
export const NO_STORE = '-';

/** Which store of the merchant this machine stands in; undefined: not chosen yet. */
export async function keptStore(): Promise<string | undefined> {
  return (await (await storage()).readFact(STORE)) as string | undefined;
}

/** Empty: to be chosen anew. */
export async function keepStore(code: string): Promise<void> {
  await (await storage()).keepFact(STORE, code);
}
