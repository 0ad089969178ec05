import { mergedAway } from '../members/merged.ts';
import type { Principal } from '../platform/web/auth.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { commandOf, type Formed } from './command-of.ts';
import type { CommandDeps } from './place.ts';
import type { TransactionBody } from './schema.ts';

/**
 * The command a request asks for. One that names a member who has become part of another one is barred:
 * only what was answered before the merge is answered again.
 */
export function permittedCommand(
  deps: CommandDeps,
  body: TransactionBody,
  principal: Principal,
  key: string,
): Formed | Promise<Formed> {
  const formed = commandOf(deps, body, principal, key);
  const path = deps.members.survivors(mustReadId('member', body.memberId));
  if (!(formed instanceof Promise || path instanceof Promise)) return permit(formed, path);
  return Promise.all([formed, path]).then(([asked, survivors]) => permit(asked, survivors));
}

function permit(formed: Formed, path: Parameters<typeof mergedAway>[0]): Formed {
  const barred = mergedAway(path);
  if (barred === undefined || 'code' in formed) return formed;
  return { barred, command: 'barred' in formed ? formed.command : formed };
}
