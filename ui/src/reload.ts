// Of a page whose later parts do not come any more, because it is older than the server, say.

/** Fields that somebody typed into. */
const typed = new Set<HTMLInputElement | HTMLTextAreaElement>();

globalThis.addEventListener?.(
  'input',
  ({ target }) => {
    for (const each of typed) if (!each.isConnected) typed.delete(each);
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
      typed.add(target);
  },
  { capture: true },
);

/** Whether something stands in a field of the page that somebody typed there. */
const hasTyped = (): boolean =>
  [...typed].some(({ isConnected, value }) => isConnected && value !== '');

/** The script that the page began with. It is named by what it and all that it can fetch contain: another version has another. */
const firstScript = (): string | undefined =>
  globalThis.document?.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src;

/**
 * Whether nothing but loading the page anew brings what did not come. Another version took the place of the page: its first script is
 * not there any more. Or the server is there, but the browser does not ask it: scripts that failed once, browsers remember for as long
 * as the page stands, so that asking again fails by itself.
 */
export async function needsReload(isAskedAgain: boolean): Promise<boolean> {
  const script = firstScript();
  if (script === undefined) return false;
  return await fetch(script, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok, status }) => status === 404 || (ok && isAskedAgain),
    () => false,
  );
}

const RELOADED = 'hongmi.reloaded';

/**
 * Loads the page anew, unless somebody would lose what they typed; and of each version once only, because what does not come after that
 * either would never end. Returns whether the page is on its way.
 */
export function reloadOnce(): boolean {
  const script = firstScript();
  if (script === undefined || hasTyped()) return false;
  try {
    if (sessionStorage.getItem(RELOADED) === script) return false;
    sessionStorage.setItem(RELOADED, script);
  } catch {
    // Nothing would end a loop.
    return false;
  }
  location.reload();
  return true;
}
