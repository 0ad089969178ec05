import { Brand } from '@hongmi/ui/brand.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { type FormEvent, useEffect, useState } from 'react';
import { hongmi } from './api.ts';
import type { Shop } from './shop.ts';
import { finishSignOut } from './sign-out.ts';
import { storage } from './storage.ts';

const words = wordsOf({
  zh: {
    title: '登录收银台',
    email: '邮箱',
    password: '密码',
    code: '身份验证器上的 6 位验证码',
    go: '登录',
    waits: (count: string) => `有 ${count} 笔等待入账`,
    whose: (name: string) => `请 ${name} 重新登录，即自动入账。记录保存在本机，不会丢失。`,
    ending: (name: string) => `${name} 已在断网时退出`,
    endingWhy: '恢复网络后即在平台上结束登录，此前不能登录。已记下的账保存在本机，不会丢失。',
    passkey: '此账号用通行密钥登录：请先在控制台登录，再回到这里。',
  },
  en: {
    title: 'Sign in to the till',
    email: 'E-mail',
    password: 'Password',
    code: 'The 6 digits your authenticator shows',
    go: 'Sign in',
    waits: (count: string) => `${count} still to be booked`,
    whose: (name: string) =>
      `They go on once ${name} signs in again. They are kept on this machine; nothing is lost.`,
    ending: (name: string) => `${name} signed out while the network is away`,
    endingWhy:
      'The session ends on the platform once it is back; nobody can sign in before. What was noted is kept on this machine; nothing is lost.',
    passkey: 'This account signs in with a passkey: sign in at the console first, then come back.',
  },
});

/** `kept`: whose till it was, for what waits there; `isEnding`: their session has yet to be ended. */
export function SignIn({
  kept,
  isEnding = false,
  done,
}: {
  readonly kept: Shop | undefined;
  readonly isEnding?: boolean;
  readonly done: () => void;
}) {
  const t = useWords(words);
  const [methods, setMethods] = useState<readonly string[]>();
  const waiting = useWaitingOf(kept);
  const first = useWrite(
    async (asked: { readonly email: string; readonly password: string }) => {
      // Else the session that comes now would be ended in its place.
      await finishSignOut();
      return hongmi.signIn(asked);
    },
    {
      done(answer) {
        if (answer.state === 'signed_in') done();
        else setMethods(answer.methods);
      },
    },
  );
  const second = useWrite((asked: { readonly code: string }) => hongmi.signInSecondFactor(asked), {
    done,
  });
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const told = new FormData(event.currentTarget);
    const text = (name: string): string => String(told.get(name) ?? '');
    if (methods === undefined)
      void first.send({ email: text('email').trim(), password: text('password') });
    else void second.send({ code: text('code').trim() });
  };
  const failure = methods === undefined ? first.failure : second.failure;
  return (
    <main className="till-door">
      <Brand id="sign-in-title" title={t.title} />
      {isEnding && kept !== undefined ? (
        <Notice tone="warn" title={t.ending(kept.staff.name)}>
          {t.endingWhy}
        </Notice>
      ) : null}
      {kept === undefined || waiting === 0 ? null : (
        <Notice tone="warn" title={t.waits(String(waiting))}>
          {t.whose(kept.staff.name)}
        </Notice>
      )}
      <form className="till-form" onSubmit={send}>
        {methods === undefined ? (
          <>
            <label>
              <span>{t.email}</span>
              <input name="email" type="email" autoComplete="username" required />
            </label>
            <label>
              <span>{t.password}</span>
              <input name="password" type="password" autoComplete="current-password" required />
            </label>
          </>
        ) : methods.includes('passkey') ? (
          <Notice title={t.passkey} />
        ) : (
          <label>
            <span>{t.code}</span>
            <input
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="\d{6}"
              required
            />
          </label>
        )}
        {failure === undefined ? null : <FailureShown failure={failure} />}
        <Button
          block
          color="primary"
          size="large"
          type="submit"
          loading={first.isSending || second.isSending}
        >
          {t.go}
        </Button>
      </form>
    </main>
  );
}

function useWaitingOf(kept: Shop | undefined): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (kept === undefined) return;
    void storage()
      .then((found) => found.waiting())
      .then((list) => setCount(list.filter(({ staff }) => staff.id === kept.staff.id).length));
  }, [kept]);
  return count;
}
