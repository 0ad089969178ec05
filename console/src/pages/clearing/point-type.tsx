import { useProgramme } from '../../app/programme.tsx';

/** A type of points by its name. */
export function PointType({ code }: { readonly code: string }) {
  const found = useProgramme()?.pointTypes.find((each) => each.code === code);
  return <span>{found?.name ?? code}</span>;
}

/** How many decimals the numbers of a type have. */
export function usePointScale(): (code: string) => number {
  const types = useProgramme()?.pointTypes ?? [];
  return (code) => types.find((each) => each.code === code)?.scale ?? 0;
}
