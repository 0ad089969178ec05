import { useSyncExternalStore } from 'react';
import { createPreference, usePreference } from './preference.ts';
import { customProperties, type Scheme } from './tokens.ts';

export const SCHEME_CHOICES = ['system', 'light', 'dark'] as const;
export type SchemeChoice = (typeof SCHEME_CHOICES)[number];

export const schemeChoice = createPreference<SchemeChoice>(
  'scheme',
  SCHEME_CHOICES,
  () => 'system',
);

const darkness = matchMedia('(prefers-color-scheme: dark)');
const followSystem = (listener: () => void): (() => void) => {
  darkness.addEventListener('change', listener);
  return () => darkness.removeEventListener('change', listener);
};

/** Light or dark, as chosen or as the system says. */
export function useScheme(): Scheme {
  const choice = usePreference(schemeChoice);
  const isDark = useSyncExternalStore(followSystem, () => darkness.matches);
  if (choice !== 'system') return choice;
  return isDark ? 'dark' : 'light';
}

/** Gives the page its colours: by CSSOM, which a policy without inline styles allows. */
export function applyScheme(scheme: Scheme, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of customProperties(scheme)) root.style.setProperty(name, value);
  root.style.setProperty('color-scheme', scheme);
  root.dataset.scheme = scheme;
}
