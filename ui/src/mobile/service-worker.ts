/**
 * Lets the service worker keep the shell of these pages. Once everything is loaded, so that it takes nothing from it; where there is
 * none (plain http on a LAN, WeChat on an iPhone), offline means while the page stays open.
 */
export function keepShell(base: string): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = (): void => {
    navigator.serviceWorker.register(`${base}/sw.js`, { scope: `${base}/` }).catch(() => {
      // A browser that forbids it (a private window) opens the pages all the same.
    });
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
