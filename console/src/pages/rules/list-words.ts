import { wordsOf } from '@hongmi/ui/language.ts';

/** What stands in the list of rules, and leads to others. */
export const listWords = wordsOf({
  zh: {
    title: '积分规则',
    about:
      '什么消费或行为得多少积分、按什么条件。没有规则时按商家的比例积分。已发布的版本不再改变，每一笔积分都记着给它的版本。',
    make: '新建规则',
    makeAbout: '先存为草稿：没有人看得到，也不影响积分。试算、模拟之后再发布。',
    gives: '给多少',
    on: '针对',
    empty: '还没有规则',
    emptyWhy: '新建第一条规则：先存为草稿，试算、模拟之后再发布。',
  },
  en: {
    title: 'Earning rules',
    about:
      'What buying and doing things earns, and when. Without rules the merchant’s ratio counts. Published versions never change, and every lot of points knows the version that gave it.',
    make: 'New rule',
    makeAbout:
      'It is saved as a draft: nobody sees it and it earns nothing. Try it and simulate it, then publish it.',
    gives: 'Gives',
    on: 'About',
    empty: 'There are no rules yet',
    emptyWhy: 'Make the first one: it is a draft to try and to simulate before it is published.',
  },
});
