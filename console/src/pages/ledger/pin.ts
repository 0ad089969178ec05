import { useSyncExternalStore } from 'react';

// The public key that somebody compared with what was published, kept in this browser: a server that comes with
// another one is found out. There is one ledger behind an address.

const KEY = 'hongmi.seal-key';
const listeners = new Set<() => void>();
let pinned: string | null = null;
try {
  pinned = localStorage.getItem(KEY);
} catch {
  // Nothing can be kept: it counts until the page is closed.
}

/** 32 bytes, hex; null when nobody has compared one yet. */
export const readPin = (): string | null => pinned;

export function setPin(publicKey: string | null): void {
  pinned = publicKey;
  try {
    if (publicKey === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, publicKey);
  } catch {
    // As above.
  }
  for (const each of listeners) each();
}

export function usePin(): { readonly pin: string | null } {
  const pin = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readPin);
  return { pin };
}
