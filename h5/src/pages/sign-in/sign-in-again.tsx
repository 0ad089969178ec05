import { useWords } from '@hongmi/ui/language.ts';
import { useMe } from '../../app/me.ts';
import { SignInForm } from './sign-in-form.tsx';
import { words } from './words.ts';
import './sign-in.css';

/** The session ended while somebody was at work: over the page, which waits below. */
export default function SignInAgain({ done }: { readonly done: (isSamePerson: boolean) => void }) {
  const t = useWords(words);
  const me = useMe();
  return (
    <div className="hm-over" role="dialog" aria-modal="true" aria-labelledby="again">
      <div className="hm-sign-in">
        <h1 id="again">{t.again}</h1>
        <p className="hm-soft">{t.againAbout}</p>
        <SignInForm done={({ memberId }) => done(memberId === me.id)} />
      </div>
    </div>
  );
}
