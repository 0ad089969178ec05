import type { Output } from '@hongmi/sdk';

/** What the payer's device hands to WeChat. */
export type Device = NonNullable<Output<'redeem'>['payment']>;

const nameOf = (redemption: string): string => `hongmi.paying.${redemption}`;

/** Only the answer to the redemption has it: kept as long as the tab is open, so that a reload can still pay. */
export function keepDevice(redemption: string, device: Device): void {
  try {
    sessionStorage.setItem(nameOf(redemption), JSON.stringify(device));
  } catch {
    // Private windows may refuse: what is not paid in time is undone by itself.
  }
}

/** Undefined on another device. */
export function deviceFor(redemption: string): Device | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(redemption)) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

interface Bridge {
  invoke(name: string, asked: object, answered: () => void): void;
}

/** What WeChat's own browser puts into every page; undefined in others, which cannot pay. */
const bridge = (): Bridge | undefined => (globalThis as { WeixinJSBridge?: Bridge }).WeixinJSBridge;

export const canPayHere = (): boolean => bridge() !== undefined;

const opened = new Set<string>();

/** Opens it for who has just pressed "and pay" and expects it: once, however often the page is come back to. */
export function payAtOnce(redemption: string, device: Device): void {
  if (opened.has(redemption)) return;
  opened.add(redemption);
  payInWechat(device);
}

/**
 * Opens WeChat's window to pay (JSAPI, `getBrandWCPayRequest`). What the window says of it is only a hint: whether it was paid, the
 * server finds out from the provider.
 */
export function payInWechat({ kind: _, ...device }: Device): void {
  bridge()?.invoke('getBrandWCPayRequest', device, () => undefined);
}
