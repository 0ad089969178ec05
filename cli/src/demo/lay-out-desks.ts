import type { components, Hongmi } from '@hongmi/sdk';
import { MEMBER_SYSTEM } from './register.ts';
import { demoKey, unlessDone } from './write-once.ts';

/** Beside the year: what waits to be decided when somebody opens the console for the first time. Safe to repeat. */
export async function layOutDesks(
  hongmi: Hongmi,
  programme: string,
  merchants: ReadonlyMap<string, string>,
): Promise<void> {
  await proposeCorrections(hongmi, merchants);
  await draftRule(hongmi, programme, merchants.get('convenience-store'));
}

/** Two balances that somebody asks to correct; another person must agree. */
async function proposeCorrections(
  hongmi: Hongmi,
  merchants: ReadonlyMap<string, string>,
): Promise<void> {
  const corrections = [
    ['S2', 'fruit-shop', 300, '收银机停电，当天一单没有记分'],
    ['S3', 'jeweller', -500, '同一张小票在两台收银机上录了两次'],
  ] as const;
  for (const [story, pack, points, reason] of corrections) {
    const found = await hongmi.findMembers({ externalSystem: MEMBER_SYSTEM, externalId: story });
    const [memberId, merchantId] = [found.items[0]?.id, merchants.get(pack)];
    if (memberId === undefined || merchantId === undefined) continue;
    await hongmi.proposeAdjustment(
      { memberId, merchantId, points, reason, actor: '演示' },
      demoKey('correction', story),
    );
  }
}

/** A draft that its author has not published: to be simulated first. */
async function draftRule(
  hongmi: Hongmi,
  programme: string,
  merchantId: string | undefined,
): Promise<void> {
  if (merchantId === undefined) return;
  const body = {
    name: '周末便当双倍',
    description: '周六、周日买便当双倍积分，每月最多多得 300 分。',
    on: 'order',
    when: { weekdays: [6, 7], lines: { categories: ['meal'] } },
    earn: { kind: 'times', num: 2, den: 1 },
    terms: { caps: [{ per: 'month', points: 300 }] },
  } as const satisfies components['schemas']['RuleBody'];
  const made = hongmi.createRule(
    { code: 'weekend-meals', programme, merchantId, body },
    demoKey('draft', 'weekend-meals'),
  );
  await unlessDone(made, ['rule_exists']);
}
