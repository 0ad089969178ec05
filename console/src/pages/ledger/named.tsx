import { typeId } from '@hongmi/sdk/type-id';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { useMay } from '../../app/session.ts';
import { Code, None } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { chainWords } from './chain-words.ts';

/** Roles of the chain whose account is a member's. */
const OF_MEMBERS = [1, 2, 3];
const OF_MERCHANTS = [4, 5, 7];

/** A member by the id that the API knows; the chain has no names. */
export function MemberId({ uuid }: { readonly uuid: string | null }) {
  const may = useMay();
  if (uuid === null) return <None />;
  const id = typeId('mem', uuid);
  const shown = <Code short>{id}</Code>;
  return may('members:read') ? <Link href={`~/console/members/${id}`}>{shown}</Link> : shown;
}

export function MerchantId({ uuid }: { readonly uuid: string | null }) {
  return uuid === null ? <None /> : <Merchant id={typeId('mer', uuid)} />;
}

/** An id of the API for what a leaf names by its UUID, in full. */
export function ThingId({
  prefix,
  uuid,
}: {
  readonly prefix: string;
  readonly uuid: string | null;
}) {
  return uuid === null ? <None /> : <Code>{typeId(prefix, uuid)}</Code>;
}

/** One side of an entry: whose account, and which. */
export function Side({ role, owner }: { readonly role: number; readonly owner: string | null }) {
  const c = useWords(chainWords);
  return (
    <span>
      {c.role(role)}
      {owner === null ? null : OF_MEMBERS.includes(role) ? (
        <>
          {' '}
          <MemberId uuid={owner} />
        </>
      ) : OF_MERCHANTS.includes(role) ? (
        <>
          {' '}
          <MerchantId uuid={owner} />
        </>
      ) : null}
    </span>
  );
}
