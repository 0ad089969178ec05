import type { components } from '@hongmi/sdk';
import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from './api.ts';
import { useProgramme } from './programme.ts';

export type Invitation = components['schemas']['Invitation'];

export const INVITATION = ['invitation'];

/** What the member is given for somebody who joins by them, in the programme that is looked at. */
export function useInvitationQuery() {
  const programme = useProgramme()?.code;
  return useQuery({
    queryKey: [...INVITATION, programme],
    queryFn: ({ signal }) =>
      hongmi.getInvitation({ ...ME, ...(programme !== undefined && { programme }) }, { signal }),
    enabled: programme !== undefined,
  });
}
