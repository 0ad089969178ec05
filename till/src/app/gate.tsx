import { probe, setConnection, useConnection } from '@hongmi/ui/connection.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { Button } from 'antd-mobile';
import { useEffect, useRef, useState } from 'react';
import { Frame } from './frame.tsx';
import type { Shop } from './shop.ts';
import { SignIn } from './sign-in.tsx';
import { useSignOut } from './sign-out.ts';
import { keepStore, NO_STORE, NoStorage, storage } from './storage.ts';
import { ChooseStore } from './stores.tsx';
import { openTill, type Till, TillProvider } from './till.ts';
import { useShop } from './use-shop.ts';

const words = wordsOf({
  zh: {
    nowhere: '此账号不属于任何商家',
    nowhereWhy: '收银台供商家的店员使用。请用店员账号登录。',
    other: '换一个账号',
    noStorage: '此浏览器不能保存数据',
    noStorageWhy: '断网时记下的账会丢失，因此不能收银。请退出无痕模式，或换一个浏览器。',
  },
  en: {
    nowhere: 'This account belongs to no merchant',
    nowhereWhy: 'The till is for people who work at a merchant. Sign in with such an account.',
    other: 'Use another account',
    noStorage: 'This browser keeps no data',
    noStorageWhy:
      'What is rung up while the network is away would be lost, so this till does not open. Leave private browsing, or use another browser.',
  },
});

/** Who works here, at which store; then the till. */
export function Gate() {
  const query = useShop();
  const t = useWords(words);
  const { isReachable } = useConnection();
  const signOut = useSignOut();
  const { data, error, refetch } = query;
  // The browser knows at once that the cable is out; that it is in says little.
  useEffect(() => {
    const away = (): void => setConnection({ isReachable: false });
    addEventListener('offline', away);
    return () => removeEventListener('offline', away);
  }, []);
  useEffect(() => (isReachable ? undefined : probe(() => void refetch())), [isReachable, refetch]);
  if (data === undefined) {
    if (error === null) return <Skeleton rows={6} />;
    if (error instanceof NoStorage) return <Empty title={t.noStorage}>{t.noStorageWhy}</Empty>;
    return <FailureShown failure={failureOf(error)} retry={() => void refetch()} />;
  }
  switch (data.state) {
    case 'signed_out':
      return (
        <SignIn
          kept={data.kept}
          isEnding={data.isEnding ?? false}
          done={() => void signedIn(refetch)}
        />
      );
    case 'no_merchant':
      return (
        <main className="till-door">
          <Empty title={t.nowhere}>{t.nowhereWhy}</Empty>
          {signOut.failure === undefined ? null : <FailureShown failure={signOut.failure} />}
          <Button block onClick={() => void signOut.send()}>
            {t.other}
          </Button>
        </main>
      );
    case 'here':
      return <AtStore shop={data.shop} chosen={data.store} again={() => void refetch()} />;
  }
}

function AtStore({
  shop,
  chosen,
  again,
}: {
  readonly shop: Shop;
  readonly chosen: string | undefined;
  readonly again: () => void;
}) {
  const { stores } = shop;
  const isKnown = chosen === NO_STORE || stores.some(({ code }) => code === chosen);
  if (!isKnown && stores.length > 0)
    return <ChooseStore stores={stores} choose={(code) => void keepStore(code).then(again)} />;
  const store = isKnown && chosen !== NO_STORE && chosen !== undefined ? chosen : null;
  return <Opened key={shop.staff.id} shop={shop} store={store} />;
}

function Opened({ shop, store }: { readonly shop: Shop; readonly store: string | null }) {
  const t = useWords(words);
  const [till, setTill] = useState<Till>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    let isGone = false;
    let opened: Till | undefined;
    storage()
      .then((found) => openTill(found, shop, store))
      .then(
        (made) => {
          opened = made;
          if (isGone) made.close();
          else setTill(made);
        },
        () => setBroken(true),
      );
    return () => {
      isGone = true;
      opened?.close();
    };
  }, [shop, store]);
  const { needsSignIn, isReachable } = useConnection();
  useEffect(() => {
    if (isReachable && !needsSignIn) till?.kick();
  }, [till, isReachable, needsSignIn]);
  if (isBroken) return <Empty title={t.noStorage}>{t.noStorageWhy}</Empty>;
  if (till === undefined) return <Skeleton rows={6} />;
  return (
    <TillProvider value={till}>
      <Frame />
      {needsSignIn ? <SignInAgain shop={shop} /> : null}
    </TillProvider>
  );
}

/** Over the page, and any sheet that is open there: what stands there stays, and what waits goes on. */
function SignInAgain({ shop }: { readonly shop: Shop }) {
  const { refetch } = useShop();
  const over = useRef<HTMLDialogElement>(null);
  const show = (): void => over.current?.showModal();
  useEffect(show, []);
  return (
    // There is no other way out; browsers that know nothing of `closedby` close it on a second Escape.
    <dialog
      ref={over}
      className="till-over"
      aria-labelledby="sign-in-title"
      closedby="none"
      onClose={show}
    >
      <SignIn kept={shop} done={() => void signedIn(refetch)} />
    </dialog>
  );
}

/** Not before it is known who it is now: what waits is somebody’s. */
async function signedIn(refetch: () => Promise<unknown>): Promise<void> {
  await refetch();
  setConnection({ needsSignIn: false });
}
