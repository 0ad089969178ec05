import type { components } from '@hongmi/sdk';
import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import { createPreference, usePreference } from '@hongmi/ui/preference.ts';
import { useQuery } from '@tanstack/react-query';
import { createContext, createElement, type ReactNode, useContext } from 'react';
import { hongmi } from './api.ts';
import { useMe } from './me.ts';

/** `aheadMs`: by how much its clock is ahead of the phone's (below zero: behind). */
export type Programme = components['schemas']['Programme'] & { readonly aheadMs: number };

const HOUR_MS = 3_600_000;

function useAll(): readonly Programme[] {
  const { data = NONE } = useQuery({
    queryKey: ['programmes'],
    queryFn: async (): Promise<Programme[]> => {
      const { items } = await hongmi.listProgrammes({ limit: 100 });
      return items.map((each) => ({ ...each, aheadMs: Date.parse(each.now) - Date.now() }));
    },
    staleTime: HOUR_MS,
  });
  return data;
}
const NONE: readonly Programme[] = [];

/** The programmes that the member has joined, in the order of joining. */
export function useProgrammes(): readonly Programme[] {
  const { programmes: joined } = useMe();
  const all = useAll();
  return joined.flatMap((code) => all.find((each) => each.code === code) ?? []);
}

/** Which of several programmes is looked at: its code; empty until somebody chooses. */
export const chosenProgramme = createPreference<string>('programme-of-member', null, () => '');

const LookedAt = createContext<Programme | undefined>(undefined);

/** Finds out once for all pages which programme is looked at: every line of a list asks. */
export function ProgrammeLookedAt({ children }: { readonly children: ReactNode }) {
  const programmes = useProgrammes();
  const chosen = usePreference(chosenProgramme);
  const value = programmes.find(({ code }) => code === chosen) ?? programmes.at(-1);
  return createElement(LookedAt, { value }, children);
}

/** What is inside is of this programme, whichever is looked at: by its names and decimals, and its time zone. */
export function InProgramme({
  code,
  children,
}: {
  readonly code: string;
  readonly children: ReactNode;
}) {
  const value = useAll().find((each) => each.code === code);
  return createElement(LookedAt, { value }, children);
}

/** The programme that is looked at; undefined until it is known, or for who has joined none. */
export const useProgramme = (): Programme | undefined => useContext(LookedAt);

/** How many decimals the numbers of a point type have; of the usual one where none is named. */
export function usePointScale(): (code?: string) => number {
  const types = useProgramme()?.pointTypes;
  return (code = USUAL_POINT_TYPE) => types?.find((each) => each.code === code)?.scale ?? 0;
}

/** What a point type is called. */
export function usePointTypeName(): (code: string) => string {
  const types = useProgramme()?.pointTypes;
  return (code) => types?.find((each) => each.code === code)?.name ?? code;
}
