import type { ComponentType } from 'react';
import { type Area, areaAt } from './areas.ts';

/**
 * The pages of each area, fetched when somebody goes there: a page, or a small router of pages (wouter's nested `Route`s, relative to
 * the area's path).
 */
export const AREA_PAGES: Readonly<
  Record<Area['name'], () => Promise<{ readonly default: ComponentType }>>
> = {
  dashboard: () => import('../pages/dashboard/area.tsx'),
  members: () => import('../pages/members/area.tsx'),
  adjustments: () => import('../pages/adjustments/area.tsx'),
  afterSales: () => import('../pages/after-sales/area.tsx'),
  rules: () => import('../pages/rules/area.tsx'),
  rewards: () => import('../pages/rewards/area.tsx'),
  campaigns: () => import('../pages/campaigns/area.tsx'),
  clearing: () => import('../pages/clearing/area.tsx'),
  books: () => import('../pages/books/area.tsx'),
  reconcile: () => import('../pages/reconcile/area.tsx'),
  ledger: () => import('../pages/ledger/area.tsx'),
  dossiers: () => import('../pages/dossiers/area.tsx'),
  merchants: () => import('../pages/merchants/area.tsx'),
  staff: () => import('../pages/staff/area.tsx'),
  keys: () => import('../pages/keys/area.tsx'),
  audit: () => import('../pages/audit/area.tsx'),
  settings: () => import('../pages/settings/area.tsx'),
};

const fetched = new Map<Area['name'], ComponentType>();

/** Fetches the pages of an address, below /console, before anything asks for them. */
export function fetchPagesAt(path: string): void {
  const area = areaAt(path);
  if (area === undefined) return;
  AREA_PAGES[area.name]().then(
    (pages) => fetched.set(area.name, pages.default),
    // Who asks for them then is told why they did not come.
    () => undefined,
  );
}

/** The pages of an area, if they are there. As a lazy component they would be a skeleton for a third of a second even so. */
export function fetchedPages(name: Area['name']): ComponentType | undefined {
  return fetched.get(name);
}
