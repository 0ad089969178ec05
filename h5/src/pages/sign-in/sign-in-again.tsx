import { useWords } from '@hongmi/ui/language.ts';
import { useEffect, useRef } from 'react';
import { useMe } from '../../app/me.ts';
import { SignInForm } from './sign-in-form.tsx';
import { words } from './words.ts';
import './sign-in.css';

/** The session ended while somebody was at work: over the page, which waits below, and over any sheet that is open there. */
export default function SignInAgain({ done }: { readonly done: (isSamePerson: boolean) => void }) {
  const t = useWords(words);
  const me = useMe();
  const over = useRef<HTMLDialogElement>(null);
  const show = (): void => over.current?.showModal();
  useEffect(show, []);
  return (
    // There is no other way out; browsers that know nothing of `closedby` close it on a second Escape.
    <dialog ref={over} className="hm-over" aria-labelledby="again" closedby="none" onClose={show}>
      <div className="hm-sign-in">
        <h1 id="again">{t.again}</h1>
        <p className="hm-soft">{t.againAbout}</p>
        <SignInForm done={({ memberId }) => done(memberId === me.id)} />
      </div>
    </dialog>
  );
}
