import { openStorage, type TillStorage } from '../queue/open-shelf.ts';
import type { Shop } from './shop.ts';

let opened: Promise<TillStorage> | undefined;

/** What is kept on this machine. Asks the browser once not to throw it away when space gets short. */
export function storage(): Promise<TillStorage> {
  opened ??= openStorage().then((found) => {
    void navigator.storage?.persist?.();
    return found;
  });
  return opened;
}

const SHOP = 'shop';

/** What was known of the shop when it was last asked for; undefined: never. */
export async function keptShop(): Promise<Shop | undefined> {
  return (await (await storage()).readFact(SHOP)) as Shop | undefined;
}

export async function keepShop(shop: Shop): Promise<void> {
  await (await storage()).keepFact(SHOP, shop);
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
