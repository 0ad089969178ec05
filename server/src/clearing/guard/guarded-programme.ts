import { RefusalError } from '../../kernel/refusal.ts';
import type { Principal } from '../../platform/web/auth.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Programme } from '../../programs/programme.ts';
import { type Registries, reachedProgramme } from '../reached.ts';

/** The programme an operator asks about; what others agreed on is no merchant's business. Throws the refusal. */
export async function guardedProgramme(
  registries: Pick<Registries, 'programmes'>,
  principal: Principal,
  named: string | undefined,
): Promise<Programme> {
  if (principal.merchant !== null) throw new RefusalError(problem('operator_only'));
  return await reachedProgramme(registries, principal, named);
}
