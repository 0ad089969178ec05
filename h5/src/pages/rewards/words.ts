import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '兑换',
    none: '现在没有可兑换的',
    noneAbout: '商户上架后会出现在这里。',
    missing: (points: string) => `还差 ${points}`,
    now: '可兑换',
  },
  en: {
    title: 'Rewards',
    none: 'Nothing is offered at the moment',
    noneAbout: 'What merchants offer appears here.',
    missing: (points: string) => `${points} to go`,
    now: 'yours to take',
  },
});
