import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';

/** Who looks: the name that goes into what they do, and the merchant they are of; null: the platform's own people. */
export interface Me {
  readonly name: string;
  readonly merchantId: string | null;
}

export function useMe(): Me {
  const { staff, actorId, merchantId } = useSession();
  return { name: staff?.name ?? actorId, merchantId };
}

/** The programme that is looked at. The area shows no page without one. */
export function useCode(): string {
  const code = useProgramme()?.code;
  if (code === undefined) throw new Error('pages of clearing are shown of a programme');
  return code;
}
