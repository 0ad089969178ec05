import { newId, type Uuid } from '../../../kernel/id.ts';
import type { PaperLanguage } from '../../../platform/papers/paper.ts';
import type { Statement } from '../statement.ts';
import { sumsOf } from '../statement.ts';
import type { StatementLine } from '../statement-lines.ts';
import type { PaperScene } from '../statement-paper.ts';

const FROM = Date.parse('2026-10-31T16:00:00Z');
const UNTIL = Date.parse('2026-11-30T16:00:00Z');
/** The same in every run. */
const idOf = (number: number): Uuid => newId(FROM, 0, (count) => Buffer.alloc(count, number % 251));

const NAMES = ['晨曦书店', '星河影城', '望山茶饮', '顺风出行', '丰收超市', '老街牙科诊所'];
const MERCHANTS = NAMES.map((_, index) => idOf(index + 1));
const ME = MERCHANTS[0] as Uuid;

/** A month of a bookshop, whose points are used at four others, and which takes theirs. */
export function sampleStatement(): Statement {
  const sums = MERCHANTS.slice(1).flatMap((other, index) => {
    const points = 12_480 + index * 3_337;
    const amounts = (taken: number) => ({
      owed: BigInt(taken) * 10_000_000n,
      due: BigInt(taken) * 9_512_345n,
      fee: BigInt(taken) * 190_247n,
    });
    const pairOf = (payer: Uuid, taker: Uuid, taken: number) => {
      const exact = amounts(taken);
      const fen = {
        owed: Number(exact.owed / 1_000_000n),
        due: Number(exact.due / 1_000_000n),
        fee: Number(exact.fee / 1_000_000n),
      };
      const carry = {
        owed: Number(exact.owed % 1_000_000n),
        due: Number(exact.due % 1_000_000n),
        fee: Number(exact.fee % 1_000_000n),
      };
      return { payer, taker, pointType: 1, points: taken, exact, fen, carry };
    };
    return [
      ...sumsOf(pairOf(ME, other, points), ME),
      ...sumsOf(pairOf(other, ME, points >> 1), ME),
    ];
  });
  const total = (name: string): number =>
    sums.filter((sum) => sum.name === name).reduce((sum, { fen }) => sum + fen, 0);
  const [owed, due, fee] = [total('owed'), total('due'), total('fee')];
  const costed = (points: number) => ({ points, cost: BigInt(points) * 10_000_000n });
  return {
    period: {
      ...{ id: idOf(99), programme: 1, number: 11, from: FROM, until: UNTIL, cut: idOf(98) },
      ...{ begunAt: UNTIL, state: 'closed', closedAt: UNTIL, figuresHash: Buffer.alloc(32, 0xa7) },
    },
    merchant: ME,
    position: { merchant: ME, owed, due, fee, adjusted: 12_500, net: due - owed - fee + 12_500 },
    sums: (['owed', 'due', 'fee'] as const).flatMap((name) =>
      sums.filter((sum) => sum.name === name),
    ),
    positions: [],
    adjustments: [
      {
        ...{ id: idOf(80), payer: MERCHANTS[1] as Uuid, payee: ME, fen: 12_500 },
        ...{ reason: '2026 年 10 月重复入账的退回', dispute: idOf(81), madeAt: UNTIL - 86_400_000 },
      },
    ],
    issued: [
      {
        ...{ issuer: ME, pointType: 1, opening: costed(181_200), issued: costed(96_420) },
        ...{ used: costed(95_770), expired: costed(4_310), other: costed(-820) },
        closing: costed(176_720),
      },
    ],
    names: new Map(MERCHANTS.map((id, index) => [id, NAMES[index] ?? ''])),
  };
}

export async function* sampleLines(count: number): AsyncGenerator<StatementLine> {
  for (let index = 0; index < count; index += 1) {
    const other = MERCHANTS[1 + (index % (MERCHANTS.length - 1))] as Uuid;
    const pays = index % 3 !== 0;
    const points = (index % 7 === 6 ? -1 : 1) * (50 + ((index * 37) % 400));
    yield {
      line: `${index % 4}-${10_204 + index * 3}-0`,
      kind: points < 0 ? 'reversal' : 'use',
      effectiveAt: FROM + index * 3_911_000,
      transaction: idOf(index + 7),
      reference: pays && index % 2 === 0 ? null : `rdm_01kb${String(index).padStart(22, '0')}`,
      member: `m-${(index * 7_919).toString(16).padStart(24, '0')}`,
      lot: idOf(index + 3),
      ...(pays ? { payer: ME, taker: other } : { payer: other, taker: ME }),
      pointType: 1,
      points,
      price: pays ? 10_000_000 : 9_512_345,
      owed: pays ? BigInt(points) * 10_000_000n : null,
      due: pays ? null : BigInt(points) * 9_512_345n,
      fee: pays ? null : BigInt(points) * 190_247n,
    };
  }
}

export function sampleScene(language: PaperLanguage): PaperScene {
  const pointTypes = [{ id: 1, name: language === 'zh-CN' ? '通用积分' : 'Common', scale: 0 }];
  const name = language === 'zh-CN' ? '老街积分联盟' : 'Old Street';
  return {
    language,
    programme: { code: 'old-street', name, timeZone: 'Asia/Shanghai', pointTypes },
  };
}
