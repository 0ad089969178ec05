import { useConnection } from '@hongmi/ui/connection.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { LANGUAGES, language, useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import { usePreference } from '@hongmi/ui/preference.ts';
import { SCHEME_CHOICES, schemeChoice } from '@hongmi/ui/scheme.ts';
import { TEXT_SIZES, textSize } from '@hongmi/ui/text-size.ts';
import { Button, Dialog } from 'antd-mobile';
import { useEffect, useState } from 'react';
import type { Shop } from '../app/shop.ts';
import { useSignOut } from '../app/sign-out.ts';
import { keepStore } from '../app/storage.ts';
import { useEntries, useTill } from '../app/till.ts';
import { useShop } from '../app/use-shop.ts';
import { usePointsShown } from '../entries/points-shown.ts';
import type { Points } from '../queue/entry.ts';
import { Choice } from './choice.tsx';

const words = wordsOf({
  zh: {
    title: '更多',
    language: '语言',
    languages: { zh: '中文', en: 'English' },
    scheme: '外观',
    schemes: { system: '跟随系统', light: '浅色', dark: '深色' },
    size: '字号',
    sizes: { '1': '标准', '1.25': '大', '1.5': '特大' },
    till: '这台收银机',
    store: '更换门店',
    limit: '断网抵扣上限',
    limitWhy: (points: string) => `每位会员每天 ${points}`,
    noLimit: '断网时不能抵扣积分',
    fragile: '浏览器可能清除未入账的记录',
    fragileWhy: '请用 https 打开，并把收银台安装到主屏幕，浏览器就会保留这些记录。',
    signOut: '退出登录',
    ask: (count: string) => `还有 ${count} 笔等待入账。它们留在这台收银机上，您再登录时入账。`,
    askOffline:
      '现在断网。退出后这台收银机立即锁上，恢复网络前谁也不能登录；登录在恢复网络后于平台上结束。',
    yes: '退出',
    no: '留下',
  },
  en: {
    title: 'More',
    language: 'Language',
    languages: { zh: '中文', en: 'English' },
    scheme: 'Look',
    schemes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    size: 'Text',
    sizes: { '1': 'Usual', '1.25': 'Large', '1.5': 'Larger' },
    till: 'This till',
    store: 'Another store',
    limit: 'Paying with points offline',
    limitWhy: (points: string) => `Up to ${points} of a member a day`,
    noLimit: 'Points cannot be spent while offline',
    fragile: 'The browser may throw away what is not booked yet',
    fragileWhy:
      'Open the till by https and install it on the home screen: then the browser keeps what is stored.',
    signOut: 'Sign out',
    ask: (count: string) =>
      `${count} still to be booked. They stay at this till and are booked when you sign in again.`,
    askOffline:
      'The network is away. Signing out locks this till at once, and nobody can sign in before the network is back; the session ends on the platform then.',
    yes: 'Sign out',
    no: 'Stay',
  },
});

/** How the till looks, which store it stands in, and the way out. */
export function MorePage() {
  const t = useWords(words);
  const f = useFormat();
  const { shop } = useTill();
  const { refetch } = useShop();
  const say = usePointsShown();
  const signOut = useSignOut();
  const isKept = useIsKept();
  const { isReachable } = useConnection();
  const waiting = useEntries().filter(
    ({ state, staff }) => state === 'waiting' && staff.id === shop.staff.id,
  ).length;
  const leave = async (): Promise<void> => {
    const warnings = [
      ...(isReachable ? [] : [t.askOffline]),
      ...(waiting === 0 ? [] : [t.ask(f.number(waiting))]),
    ];
    const content = warnings.map((each) => <p key={each}>{each}</p>);
    const asked = { content, confirmText: t.yes, cancelText: t.no, 'aria-label': t.signOut };
    if (warnings.length === 0 || (await Dialog.confirm(asked))) await signOut.send();
  };
  return (
    <div className="till-page">
      <h1>{t.title}</h1>
      <Choice
        label={t.language}
        choices={LANGUAGES}
        names={t.languages}
        value={useLanguage()}
        choose={language.set}
      />
      <Choice
        label={t.scheme}
        choices={SCHEME_CHOICES}
        names={t.schemes}
        value={usePreference(schemeChoice)}
        choose={schemeChoice.set}
      />
      <Choice
        label={t.size}
        choices={TEXT_SIZES}
        names={t.sizes}
        value={usePreference(textSize)}
        choose={textSize.set}
      />
      <h2>{t.till}</h2>
      {isKept ? null : (
        <Notice tone="warn" title={t.fragile}>
          {t.fragileWhy}
        </Notice>
      )}
      <dl className="till-facts">
        <div>
          <dt>{t.limit}</dt>
          <dd>{shop.offlineDayMax === 0 ? t.noLimit : t.limitWhy(say(limitOf(shop)))}</dd>
        </div>
      </dl>
      {shop.stores.length === 0 ? null : (
        <Button block onClick={() => void keepStore('').then(() => refetch())}>
          {t.store}
        </Button>
      )}
      {signOut.failure === undefined ? null : <FailureShown failure={signOut.failure} />}
      <Button block color="primary" fill="outline" onClick={() => void leave()}>
        {t.signOut}
      </Button>
    </div>
  );
}

/** Each type of points that takes something off a bill has it for itself. */
function limitOf({ offers, offlineDayMax }: Shop): Points {
  const types = offers.map(({ pointType }) => pointType);
  return Object.fromEntries(
    (types.length === 0 ? [USUAL_POINT_TYPE] : types).map((code) => [code, offlineDayMax]),
  );
}

/** Whether the browser promises not to throw storage away; until it has answered nothing is said. */
function useIsKept(): boolean {
  const [isKept, setKept] = useState(true);
  useEffect(() => {
    void (navigator.storage?.persisted?.() ?? Promise.resolve(false)).then(setKept);
  }, []);
  return isKept;
}
