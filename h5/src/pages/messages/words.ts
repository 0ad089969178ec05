import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '消息',
    none: '没有消息',
    noneAbout: '积分到期、等级变化、订单进展会在这里告诉您。',
    unread: '未读',
  },
  en: {
    title: 'Messages',
    none: 'No messages',
    noneAbout: 'What lapses, how your tier changes and how orders go on is told here.',
    unread: 'unread',
  },
});
