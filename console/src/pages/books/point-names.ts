import { useProgramme } from '../../app/programme.tsx';

/** What types of points are called, and how many decimals they have. */
export function usePointNames() {
  const types = useProgramme()?.pointTypes ?? [];
  const find = (code: string) => types.find((each) => each.code === code);
  return {
    of: (code: string): string => find(code)?.name ?? code,
    scaleOf: (code: string): number => find(code)?.scale ?? 0,
  };
}
