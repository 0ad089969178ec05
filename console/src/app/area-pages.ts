import { fetchedLater } from '@hongmi/ui/later.ts';
import { type Area, areaAt } from './areas.ts';

/**
 * The pages of each area, fetched when somebody goes there: a page, or a small router of pages (wouter's nested `Route`s, relative to
 * the area's path).
 */
export const AREA_PAGES = {
  dashboard: fetchedLater(() => import('../pages/dashboard/area.tsx')),
  members: fetchedLater(() => import('../pages/members/area.tsx')),
  adjustments: fetchedLater(() => import('../pages/adjustments/area.tsx')),
  afterSales: fetchedLater(() => import('../pages/after-sales/area.tsx')),
  rules: fetchedLater(() => import('../pages/rules/area.tsx')),
  rewards: fetchedLater(() => import('../pages/rewards/area.tsx')),
  campaigns: fetchedLater(() => import('../pages/campaigns/area.tsx')),
  clearing: fetchedLater(() => import('../pages/clearing/area.tsx')),
  books: fetchedLater(() => import('../pages/books/area.tsx')),
  reconcile: fetchedLater(() => import('../pages/reconcile/area.tsx')),
  ledger: fetchedLater(() => import('../pages/ledger/area.tsx')),
  dossiers: fetchedLater(() => import('../pages/dossiers/area.tsx')),
  merchants: fetchedLater(() => import('../pages/merchants/area.tsx')),
  staff: fetchedLater(() => import('../pages/staff/area.tsx')),
  keys: fetchedLater(() => import('../pages/keys/area.tsx')),
  audit: fetchedLater(() => import('../pages/audit/area.tsx')),
  settings: fetchedLater(() => import('../pages/settings/area.tsx')),
} as const satisfies Readonly<Record<Area['name'], unknown>>;

/** Fetches the pages of an address, below /console, before anything asks for them. */
export function fetchPagesAt(path: string): void {
  const area = areaAt(path);
  // Who asks for them then is told why they did not come.
  if (area !== undefined) AREA_PAGES[area.name].fetch().catch(() => undefined);
}
