import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '我的',
    nameless: '会员',
    phone: (lastFour: string) => `手机尾号 ${lastFour}`,
    programme: '积分计划',
    points: '积分与到期',
    tier: '等级',
    green: '绿色',
    statement: '对账单下载',
    messages: '消息',
    settings: '设置与隐私',
    signOut: '退出登录',
  },
  en: {
    title: 'Me',
    nameless: 'Member',
    phone: (lastFour: string) => `number ending in ${lastFour}`,
    programme: 'Programme',
    points: 'Points and when they lapse',
    tier: 'Tier',
    green: 'Green',
    statement: 'Statement to download',
    messages: 'Messages',
    settings: 'Settings and privacy',
    signOut: 'Sign out',
  },
});
