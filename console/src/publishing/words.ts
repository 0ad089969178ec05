import { wordsOf } from '@hongmi/ui/language.ts';

/** Words that mean the same of rules, rewards and promotions. */
export const itemWords = wordsOf({
  zh: {
    name: '名称',
    nameEn: '英文名称',
    description: '说明',
    code: '代码',
    codeHint: '小写字母、数字与连字符；之后不再改',
    codeWrong: '以小写字母开头，只含小写字母、数字与连字符，至多 40 个字符',
    owner: '归属',
    platform: '平台',
    all: '全部',
    state: '状态',
    from: '自何时起',
    until: '至何时',
    needed: '请填写',
    nothingMatches: '没有符合条件的',
    saved: '草稿已保存',
  },
  en: {
    name: 'Name',
    nameEn: 'Name in English',
    description: 'Description',
    code: 'Code',
    codeHint: 'Small letters, digits and hyphens; it stays for good',
    codeWrong:
      'A small letter first, then small letters, digits and hyphens, 40 characters at most',
    owner: 'Owner',
    platform: 'Platform',
    all: 'All',
    state: 'State',
    from: 'From',
    until: 'Until',
    needed: 'Required',
    nothingMatches: 'Nothing matches',
    saved: 'The draft is saved',
  },
});
