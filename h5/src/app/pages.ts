import { fetchedLater } from '@hongmi/ui/later.ts';
import type { ComponentType } from 'react';
import HomePage from '../pages/home/home-page.tsx';
import { AREAS, fetchArea } from './areas.ts';

interface Area {
  readonly path: string;
  readonly pages: ComponentType;
}

/** The start is there with the first script, because most begin with it; the others come when somebody goes there. */
export const PAGES: readonly Area[] = [
  { path: '/', pages: HomePage },
  ...AREAS.map(({ path, load }) => ({ path, pages: fetchedLater(() => fetchArea(path, load)) })),
];
