import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { useActor, useMemberName, useMerchantNames } from '../app/names.ts';
import { useSession } from '../app/session.ts';
import { Code } from './values.tsx';

const words = wordsOf({
  zh: { platform: '平台', other: '另一商家', member: '会员本人' },
  en: { platform: 'The platform', other: 'Another merchant', member: 'The member themselves' },
});

/** Who did it: a person of the staff, a program's key, or the member on their own phone. */
export function Actor({ id }: { readonly id: string }) {
  const t = useWords(words);
  const actor = useActor(id);
  if (actor?.kind === 'member') return <span>{t.member}</span>;
  const name = actor?.name ?? null;
  return name === null ? <Code short>{id}</Code> : <span>{name}</span>;
}

/** A member by name, where there is one and the person may know it; as a link to what is known of them. */
export function Member({ id }: { readonly id: string }) {
  const name = useMemberName(id);
  return (
    <Link href={`~/console/members/${id}`}>
      {name === undefined || name === null ? <Code short>{id}</Code> : name}
    </Link>
  );
}

/** A merchant by name; null: the platform itself. */
export function Merchant({ id }: { readonly id: string | null }) {
  const t = useWords(words);
  const names = useMerchantNames();
  const { merchantId } = useSession();
  if (id === null) return <span>{t.platform}</span>;
  const name = names.get(id);
  if (name !== undefined) return <span>{name}</span>;
  // Whoever knows some names but not this one works for a merchant, and this is not it.
  return names.size > 0 && merchantId !== null ? (
    <span title={id}>{t.other}</span>
  ) : (
    <Code short>{id}</Code>
  );
}
