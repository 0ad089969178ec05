import type { ComponentType } from 'react';

type Load = () => Promise<{ readonly default: ComponentType }>;

/**
 * The pages of each area but the start, fetched when somebody goes there: a page, or a small router of pages (wouter's nested `Route`s, relative to
 * the area's path). In the order in which addresses are looked up.
 */
export const AREAS = [
  { path: '/rewards', load: () => import('../pages/rewards/area.tsx') },
  { path: '/code', load: () => import('../pages/code/code-page.tsx') },
  { path: '/records', load: () => import('../pages/records/area.tsx') },
  { path: '/redemptions', load: () => import('../pages/redemptions/area.tsx') },
  { path: '/after-sales', load: () => import('../pages/after-sales/area.tsx') },
  { path: '/donations', load: () => import('../pages/donations/area.tsx') },
  { path: '/points', load: () => import('../pages/points/area.tsx') },
  { path: '/tier', load: () => import('../pages/tier/tier-page.tsx') },
  { path: '/green', load: () => import('../pages/green/area.tsx') },
  { path: '/statement', load: () => import('../pages/statement/statement-page.tsx') },
  { path: '/messages', load: () => import('../pages/messages/messages-page.tsx') },
  { path: '/offers', load: () => import('../pages/offers/offers-page.tsx') },
  { path: '/share', load: () => import('../pages/share/share-page.tsx') },
  { path: '/settings', load: () => import('../pages/settings/area.tsx') },
  { path: '/me', load: () => import('../pages/me/me-page.tsx') },
] as const satisfies readonly { readonly path: string; readonly load: Load }[];

const fetched = new Map<string, ReturnType<Load>>();

/** Fetched once, however often it is asked for; once more after it did not come. */
export function fetchArea(path: string, load: Load): ReturnType<Load> {
  const known = fetched.get(path);
  if (known !== undefined) return known;
  const fresh = load();
  fetched.set(path, fresh);
  fresh.catch(() => fetched.delete(path));
  return fresh;
}

/** Fetches the pages of an address, below /m, before anything asks for them. */
export function fetchPagesAt(path: string): void {
  const first = `/${path.split('/')[1] ?? ''}`;
  const area = AREAS.find((each) => each.path === first);
  // Who asks for them then is told why they did not come.
  if (area !== undefined) fetchArea(area.path, area.load).catch(() => undefined);
}
