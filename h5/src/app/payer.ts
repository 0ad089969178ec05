const NAME = 'hongmi.payer';

/**
 * Who pays cash, as WeChat names them (`openid`): told by whoever opens these pages inside WeChat, a mini program or an official
 * account, in the address (`/m/?payer=…`), and kept as long as the tab is open. Undefined where nobody told: the server knows whether
 * it takes cash from them all the same.
 */
export function payerOpenid(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Takes it out of the address, where it would be copied along: call once, before anything is shown. */
export function takePayer(): void {
  const address = new URL(location.href);
  const payer = address.searchParams.get('payer');
  if (payer === null) return;
  try {
    sessionStorage.setItem(NAME, payer);
  } catch {
    // Private windows may refuse: then cash is paid elsewhere.
  }
  address.searchParams.delete('payer');
  history.replaceState(history.state, '', address);
}
