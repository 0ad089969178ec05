import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { words } from './words.ts';

export type SignedIn = components['schemas']['MemberSignedIn'];

const CODE_DIGITS = 6;
/** A number gets one code a minute. */
const AGAIN_MS = 60_000;

/**
 * A number, the code that is sent to it, done. `join`: the programme that whoever is no member yet becomes one of;
 * `invitation`: by whose invitation, as the link says; without, who was told its code may type it.
 */
export function SignInForm({
  join,
  invitation,
  done,
}: {
  readonly join?: string | undefined;
  readonly invitation?: string | undefined;
  readonly done: (signedIn: SignedIn) => void;
}) {
  const t = useWords(words);
  const [phone, setPhone] = useState('');
  const [typed, setTyped] = useState('');
  const [isSent, setSent] = useState(false);
  const asked = { phone, ...(join !== undefined && { join }) };
  const request = useWrite((body: typeof asked) => hongmi.requestMemberCode(body), {
    done: () => setSent(true),
  });
  return isSent ? (
    <CodeStep
      asked={asked}
      invitation={invitation ?? invitationIn(typed)}
      done={done}
      back={() => {
        request.clear();
        setSent(false);
      }}
    />
  ) : (
    <PhoneStep
      phone={phone}
      setPhone={setPhone}
      mustAgree={join !== undefined}
      invitation={
        join === undefined || invitation !== undefined ? null : (
          <InvitationField typed={typed} setTyped={setTyped} />
        )
      }
      isSending={request.isSending}
      send={() => void request.send(asked)}
    >
      {request.failure === undefined ? null : <FailureShown failure={request.failure} />}
      {request.failure?.kind === 'refused' && request.failure.code === 'too_many_codes' ? (
        // One may have been sent, and its answer lost.
        <Button block fill="none" onClick={() => setSent(true)}>
          {t.haveCode}
        </Button>
      ) : null}
    </PhoneStep>
  );
}

function PhoneStep({
  phone,
  setPhone,
  mustAgree,
  invitation,
  isSending,
  send,
  children,
}: {
  readonly phone: string;
  readonly setPhone: (phone: string) => void;
  readonly mustAgree: boolean;
  readonly invitation: ReactNode;
  readonly isSending: boolean;
  readonly send: () => void;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  const id = useId();
  const [hasAgreed, setAgreed] = useState(!mustAgree);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form className="hm-form" onSubmit={submit}>
      <label htmlFor={id}>{t.phone}</label>
      <input
        id={id}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        required
        maxLength={24}
        value={phone}
        onChange={({ target }) => setPhone(target.value)}
      />
      {invitation}
      {mustAgree ? (
        <label className="hm-check">
          <input
            type="checkbox"
            required
            checked={hasAgreed}
            onChange={({ target }) => setAgreed(target.checked)}
          />
          <span>{t.agree}</span>
        </label>
      ) : null}
      {children}
      <Button
        block
        type="submit"
        color="primary"
        size="large"
        loading={isSending}
        disabled={phone.trim() === '' || !hasAgreed}
      >
        {t.sendCode}
      </Button>
    </form>
  );
}

/** A link that came by way of a picture, or of an app that cuts links off, has lost whose invitation it was. */
function InvitationField({
  typed,
  setTyped,
}: {
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
}) {
  const t = useWords(words);
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{t.invitation}</label>
      <input
        id={id}
        aria-describedby={`${id}-about`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        pattern="\s*[0-9A-Za-z]{10}\s*"
        title={t.invitationForm}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <p id={`${id}-about`} className="hm-soft">
        {t.invitationAbout}
      </p>
    </>
  );
}

/** The code of an invitation in what somebody typed: phones begin with a capital, codes have none. */
function invitationIn(typed: string): string | undefined {
  return typed.trim() === '' ? undefined : typed.trim().toLowerCase();
}

function CodeStep({
  asked,
  invitation,
  done,
  back,
}: {
  readonly asked: { readonly phone: string; readonly join?: string };
  readonly invitation: string | undefined;
  readonly done: (signedIn: SignedIn) => void;
  readonly back: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const id = useId();
  const [code, setCode] = useState('');
  const wait = useWaitFrom(AGAIN_MS);
  const again = useWrite((body: typeof asked) => hongmi.requestMemberCode(body), {
    done: wait.begin,
  });
  const signIn = useWrite(
    (body: typeof asked & { readonly code: string }, idempotencyKey) =>
      hongmi.signInMember(
        { ...body, ...(invitation !== undefined && { invitation }) },
        // A code counts once: what got no answer is asked for again as the same request.
        { idempotencyKey },
      ),
    { done },
  );
  const failure = signIn.failure ?? again.failure;
  const send = (typed: string): void => {
    if (typed.length === CODE_DIGITS && !signIn.isSending)
      void signIn.send({ ...asked, code: typed });
  };
  return (
    <form
      className="hm-form"
      onSubmit={(event) => {
        event.preventDefault();
        send(code);
      }}
    >
      <p className="hm-soft" role="status">
        {t.sent(asked.phone)}
      </p>
      <label htmlFor={id}>{t.code}</label>
      <input
        id={id}
        className="hm-code-input"
        // The phone offers the code from the message above its keyboard.
        autoComplete="one-time-code"
        inputMode="numeric"
        pattern="\d{6}"
        maxLength={CODE_DIGITS}
        required
        // biome-ignore lint/a11y/noAutofocus: what the step is about, and it follows a press
        autoFocus
        value={code}
        onChange={({ target }) => {
          const digits = target.value.normalize('NFKC').replace(/\D/g, '');
          setCode(digits);
          send(digits);
        }}
      />
      {failure === undefined ? null : <FailureShown failure={failure} />}
      <Button
        block
        type="submit"
        color="primary"
        size="large"
        loading={signIn.isSending}
        disabled={code.length !== CODE_DIGITS}
      >
        {t.signIn}
      </Button>
      <Button
        block
        fill="none"
        disabled={wait.seconds > 0}
        loading={again.isSending}
        onClick={() => void again.send(asked)}
      >
        {wait.seconds > 0 ? t.sendAgainIn(f.number(wait.seconds)) : t.sendAgain}
      </Button>
      <Button block fill="none" onClick={back}>
        {t.otherPhone}
      </Button>
    </form>
  );
}

/** Seconds until something may be done again, from now on and from each `begin`. */
function useWaitFrom(ms: number): { readonly seconds: number; readonly begin: () => void } {
  const [until, setUntil] = useState(() => Date.now() + ms);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return {
    seconds: Math.max(0, Math.ceil((until - now) / 1_000)),
    begin: () => {
      setNow(Date.now());
      setUntil(Date.now() + ms);
    },
  };
}
