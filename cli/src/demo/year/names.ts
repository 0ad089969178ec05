import { diceOf } from './dice.ts';

/** The commonest first: each is drawn less often than the one before. */
const FAMILY = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余',
  '欧阳',
  '上官',
];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玲英华梅鑫波斌莉鹏宇浩凯健俊帆雪琳晨',
  ...'子轩梓涵欣怡诗雨佳思博文浩然一诺雅婷志建国秀红小晓春海云天嘉乐',
];
const NAMED = 0.92;
const SHORT = 0.25;

/** What a member of the demo is called: made up, the same whenever it is asked for. Some never said. */
export function nameOf(key: string): string | undefined {
  const dice = diceOf(`${key} name`);
  if (!dice.chance(NAMED)) return undefined;
  const family = FAMILY[Math.floor(dice.next() ** 2 * FAMILY.length)] ?? '王';
  const given = dice.chance(SHORT) ? [dice.pick(GIVEN)] : [dice.pick(GIVEN), dice.pick(GIVEN)];
  return `${family}${given.join('')}`;
}
