import { wordsOf } from '@hongmi/ui/language.ts';

/** What the bar at the bottom leads to. */
export const TABS = [
  { name: 'home', path: '/' },
  { name: 'rewards', path: '/rewards' },
  { name: 'code', path: '/code' },
  { name: 'records', path: '/records' },
  { name: 'me', path: '/me' },
] as const;
export type Tab = (typeof TABS)[number]['name'];

export const tabWords = wordsOf({
  zh: {
    navigation: '主导航',
    home: '首页',
    rewards: '兑换',
    code: '会员码',
    records: '记录',
    me: '我的',
  },
  en: {
    navigation: 'Main',
    home: 'Home',
    rewards: 'Rewards',
    code: 'My code',
    records: 'Records',
    me: 'Me',
  },
});

/** The tab that a page belongs to; undefined where the page is reached from within others and has a way back instead. */
export function tabAt(path: string): Tab | undefined {
  return TABS.find((each) => each.path === path)?.name;
}
