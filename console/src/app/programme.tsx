import type { components } from '@hongmi/sdk';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useSyncExternalStore } from 'react';
import { hongmi } from './api.ts';
import { useMay } from './session.ts';
import { dayAt } from './zone.ts';

export type Programme = components['schemas']['Programme'];

const words = wordsOf({
  zh: { programme: '积分项目', sandbox: '沙盒' },
  en: { programme: 'Programme', sandbox: 'sandbox' },
});

const KEY = 'hongmi.programme';
const listeners = new Set<() => void>();
let chosen: string | null = null;
try {
  chosen = localStorage.getItem(KEY);
} catch {
  // Nothing can be kept: the first programme it is.
}

function choose(code: string): void {
  chosen = code;
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // As above.
  }
  for (const each of listeners) each();
}

const useChosen = (): string | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );

/** The programmes that the person reaches. */
export function useProgrammes(): readonly Programme[] {
  const may = useMay();
  const { data } = useQuery({
    // Who administers security or the audit log works with none.
    enabled: may('programmes:read'),
    queryKey: ['programmes'],
    queryFn: async () => (await hongmi.listProgrammes({ limit: 100 })).items,
    staleTime: 60_000,
  });
  return data ?? [];
}

/**
 * The programme that is looked at: the one chosen in the bar above, else the last that was made (the first one is made by itself, and
 * is empty where there are others). Undefined until they are known, or where there is none.
 */
export function useProgramme(): Programme | undefined {
  const programmes = useProgrammes();
  const code = useChosen();
  return programmes.find((each) => each.code === code) ?? programmes.at(-1);
}

/** The day that it is in the programme, `2026-03-01`, by its own clock, which a sandbox may have set. */
export function useToday(): string | undefined {
  const programme = useProgramme();
  return programme && dayAt(programme.now, programme.timeZone);
}

/** Where there are several, one of them is chosen for all pages. */
export function ProgrammePicker() {
  const t = useWords(words);
  const programmes = useProgrammes();
  const programme = useProgramme();
  if (programme === undefined) return null;
  const label = (each: Programme): string =>
    each.sandbox ? `${each.name} · ${t.sandbox}` : each.name;
  if (programmes.length === 1) return <span className="hm-soft">{label(programme)}</span>;
  return (
    <Select
      aria-label={t.programme}
      variant="borderless"
      value={programme.code}
      onChange={choose}
      options={programmes.map((each) => ({ value: each.code, label: label(each) }))}
      popupMatchSelectWidth={false}
    />
  );
}
