import { expectTypeOf, test } from 'vitest';
import type { Hongmi } from './client.ts';
import type { components } from './generated/schema.ts';
import type { FileName, Item, ListName, Output, Preview } from './operation-types.ts';

type Schemas = components['schemas'];
declare const hongmi: Hongmi;

// The compiler judges these; nothing of them runs.
const judged = () => ({
  made: () => hongmi.createMember({ phone: '13800138000' }),
  rehearsed: () => hongmi.createMember({ phone: '13800138000', dryRun: true }),
  maybe: (dryRun: boolean) => hongmi.createMember({ dryRun }),
  list: () => hongmi.pages('listRules', { programme: 'green' }).all(50),
  // @ts-expect-error a member is found by an id
  needsId: () => hongmi.getMember({}),
  // @ts-expect-error what the API does not know is refused
  unknownField: () => hongmi.createMember({ telephone: '13800138000' }),
  // @ts-expect-error a programme is named
  needsProgramme: () => hongmi.pages('listRules', { program: 'green' }),
  // @ts-expect-error not a list
  notAList: () => hongmi.pages('getMember', { id: 'mem_x' }),
  // @ts-expect-error figures are a file
  isAFile: () => hongmi.getClearingFigures({ id: 'per_x' }),
  file: () => hongmi.download('getClearingFigures', { id: 'per_x' }),
  // Optional things may be undefined.
  loose: (phone: string | undefined) => hongmi.findMembers({ phone }),
  // Every kind of a body that has kinds.
  burn: () =>
    hongmi.createTransaction({ kind: 'burn', merchantId: 'mer_x', memberId: 'mem_x', points: 5 }),
});

test('answers are typed, those of dry runs apart', () => {
  expectTypeOf<Output<'createMember'>>().toEqualTypeOf<Schemas['Member']>();
  expectTypeOf<Preview<'createMember'>>().toEqualTypeOf<Schemas['MemberDryRun']>();
  expectTypeOf<Output<'publishRule'>>().toEqualTypeOf<Schemas['Rule']>();
  expectTypeOf<Output<'createReturn'>>().toEqualTypeOf<Schemas['Return']>();
  expectTypeOf<Preview<'getRule'>>().toBeNever();
  type Judged = ReturnType<typeof judged>;
  expectTypeOf<ReturnType<Judged['made']>>().resolves.toEqualTypeOf<Schemas['Member']>();
  expectTypeOf<ReturnType<Judged['rehearsed']>>().resolves.toEqualTypeOf<Schemas['MemberDryRun']>();
  expectTypeOf<ReturnType<Judged['maybe']>>().resolves.toEqualTypeOf<
    Schemas['Member'] | Schemas['MemberDryRun']
  >();
  expectTypeOf<ReturnType<Judged['list']>>().resolves.toEqualTypeOf<Schemas['Rule'][]>();
});

test('lists and files are known by what they answer', () => {
  expectTypeOf<Item<'listTransactions'>>().toExtend<{ id: string }>();
  expectTypeOf<'getMember'>().not.toExtend<ListName>();
  expectTypeOf<'findMembers' | 'listSettlementAccounts'>().toExtend<ListName>();
  expectTypeOf<'getClearingStatement' | 'getClearingFigures'>().toExtend<FileName>();
  expectTypeOf<'getMember'>().not.toExtend<FileName>();
});
