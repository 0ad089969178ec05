import { newId, type Uuid } from '@hongmi/server/kernel/id';
import { lastFourIndex, phoneContext, phoneIndex } from '@hongmi/server/members/member';
import { gramsOf, nameContext } from '@hongmi/server/members/name';
import { insertMembers, type MemberToMake } from '@hongmi/server/members/store';
import { createPool, withTransaction } from '@hongmi/server/platform/database';
import { createSealer, readMasterKey } from '@hongmi/server/platform/seal';
import { inParallel } from '../api.ts';
import type { LedgerServer } from '../processes/server.ts';

const BATCH = 5_000;
const AT_ONCE = 4;
const JOINED_DAYS = 1_000;
const DAY_MS = 86_400_000;

export interface Someone {
  readonly id: Uuid;
  readonly phone: string;
  readonly name: string;
  readonly externalId: string;
}

/** The commonest first; how often each comes falls off as it does among people. */
const FAMILY = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余',
];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玲英华梅鑫波斌莉鹏宇浩凯健俊帆雪琳晨轩梓涵欣怡诗雨佳思博文然一诺雅婷志建国秀红小晓春海云天嘉乐',
  ...'龙生福贵宝山河江峰岩松柏竹菊荷莲蓉蕾薇瑶琪瑾璐瑞祥庆元亨利贞仁义礼智信忠孝良善美真诚朴素安宁康泰',
];

/** The person of this number: the same in every run. */
function someoneOf(number: number, now: number): Omit<Someone, 'id'> & { at: number } {
  const draw = (salt: number, from: readonly string[]): string => {
    const part = (Math.imul(number + 1, 2_654_435_761 + salt * 40_503) >>> 0) / 2 ** 32;
    return from[Math.floor(part ** 1.5 * from.length)] ?? '';
  };
  const given = number % 5 === 0 ? draw(1, GIVEN) : `${draw(1, GIVEN)}${draw(2, GIVEN)}`;
  return {
    phone: `+861${String(3_000_000_000 + number * 6_553).padStart(10, '0')}`,
    name: `${draw(0, FAMILY)}${given}`,
    externalId: `C-${number}`,
    at: now - JOINED_DAYS * DAY_MS + number * 80,
  };
}

/**
 * So many members of the default programme with phones, names and external ids, written as a registration writes them, past the
 * API; one in fifty joined at the merchant. Answers a thousandth of them.
 */
export async function fillPeople(
  { dataDir, databaseUrl }: LedgerServer,
  { members, merchant, programme }: { members: number; merchant: Uuid; programme: number },
): Promise<Someone[]> {
  const sealer = createSealer(readMasterKey(dataDir, undefined));
  const pool = createPool({ url: databaseUrl, name: 'bench', connectionsMax: AT_ONCE });
  const now = Date.now();
  const sample: Someone[] = [];
  const batches = Array.from({ length: Math.ceil(members / BATCH) }, (_, batch) => batch * BATCH);
  try {
    await inParallel(AT_ONCE, batches, async (from) => {
      const made: MemberToMake[] = [];
      for (let number = from; number < Math.min(members, from + BATCH); number += 1) {
        const { at, phone, name, externalId } = someoneOf(number, now);
        const id = newId(at);
        if (number % 1_000 === 0) sample.push({ id, phone, name, externalId });
        made.push({
          ...{ id, programme, merchant: null, externalIds: [['bench', externalId]] },
          phone: {
            sealed: sealer.seal(phoneContext(id), phone),
            index: phoneIndex(sealer, phone),
            lastFourIndex: lastFourIndex(sealer, phone.slice(-4)),
          },
          name: { sealed: sealer.seal(nameContext(id), name), grams: gramsOf(sealer, name) },
        });
      }
      await withTransaction(pool, (tx) => insertMembers(tx, made, now));
    });
    await pool.query('update membership set merchant = $1 where hashtext(member::text) % 50 = 0', [
      merchant,
    ]);
    await pool.query('vacuum (analyze) member, membership, member_name_gram, member_external_id');
  } finally {
    await pool.end();
  }
  return sample;
}
