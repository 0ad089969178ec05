import { RefusalError } from '../../kernel/refusal.ts';
import { assertNamesOwn, type Principal } from '../../platform/web/auth.ts';
import { problem } from '../../platform/web/problem.ts';

interface Found {
  readonly id: number;
}
export interface FindsProgrammes {
  find(code: string): Found | undefined | Promise<Found | undefined>;
}

const USUAL = 'default';

/** The programme that a caller names, or else its own; throws the refusal where there is none, or none for it. */
export async function programmeNamed(
  programmes: FindsProgrammes,
  principal: Principal,
  named: string | undefined,
): Promise<number> {
  const code = named ?? principal.programme?.code ?? USUAL;
  assertNamesOwn(principal, code);
  const programme = await programmes.find(code);
  if (programme === undefined) throw new RefusalError(problem('programme_not_found'));
  return programme.id;
}
