import { type components, ProblemError } from '@hongmi/sdk';
import type { Sending } from './send-day.ts';
import { demoKey } from './write-once.ts';

type Redemption = components['schemas']['Redemption'];
type Case = components['schemas']['AfterSalesCase'];
type Claim = components['schemas']['NewAfterSalesCase'];
type Answer = components['schemas']['AfterSalesAnswer'];
type Step = components['schemas']['AfterSalesMemberStep'];

/** What somebody asks for of what they redeemed, and what was said of it since. */
interface Story {
  readonly claim: Claim;
  readonly sequel: readonly ({ readonly answer: Answer } | { readonly step: Step })[];
}

const DESK = '售后台';
const SHOP = '店长';

/** One for each place of the desk: to be answered, agreed and on its way, refused and appealed, made good, and one that is over. */
const STORIES: readonly Story[] = [
  {
    claim: { kind: 'quality', reason: 'damaged', actor: DESK, note: '打开时已有三个压坏了' },
    sequel: [],
  },
  {
    claim: { kind: 'quality', reason: 'not_as_described', actor: DESK, note: '与页面图片不一样' },
    sequel: [
      {
        answer: {
          ...{ answer: 'refuse', reason: 'no_fault_found', actor: SHOP },
          note: '与页面所示为同一批次',
        },
      },
      { step: { step: 'appeal', actor: DESK, note: '会员提供了照片，请平台裁定' } },
    ],
  },
  {
    claim: { kind: 'quality', reason: 'wrong_item', actor: DESK },
    sequel: [
      { answer: { answer: 'accept', remedy: 'refund', goodsBack: true, actor: SHOP } },
      { step: { step: 'send', actor: DESK, note: '已交给快递' } },
    ],
  },
  {
    claim: { kind: 'quality', reason: 'not_honoured', actor: DESK, note: '店里说今天没有了' },
    sequel: [{ answer: { answer: 'accept', remedy: 'refund', goodsBack: false, actor: SHOP } }],
  },
  {
    claim: { kind: 'quality', reason: 'poor_service', actor: DESK },
    sequel: [{ step: { step: 'withdraw', actor: DESK, note: '已当面解决' } }],
  },
];

/** Members whose year ends with figures that can be looked up: nothing goes back to them. */
const STORY = /^S\d/;
/** Of so many that were redeemed of late, some are complained about. */
const LOOKED_AT = 100;
/** What cannot be complained about by its terms, or any more: somebody else does. */
const NOT_THIS = new Set([
  'after_sales_not_offered',
  'after_sales_too_late',
  'after_sales_units_taken',
  'redemption_not_handed_out',
]);

/**
 * Money that was taken off a bill does not come back as points. Whoever looks at the demo may decide any of these cases for the
 * member, so none is about such a voucher.
 */
const canComeBack = ({ vouchers }: Redemption): boolean =>
  vouchers.every(({ state, form: { form } }) => state === 'open' || form === 'exchange');

/** Opens some after-sales cases about what was redeemed last, and says what came of them. Each step may be repeated. */
export async function complain({ hongmi, tally, merchants, members }: Sending): Promise<void> {
  const { items } = await hongmi.listRedemptions({ state: 'fulfilled', limit: LOOKED_AT });
  const own = new Set(merchants.values());
  const storied = new Set([...members].filter(([key]) => STORY.test(key)).map(([, id]) => id));
  const left = items
    .filter((each) => own.has(each.merchantId) && !storied.has(each.memberId) && canComeBack(each))
    .values();
  for (const story of STORIES) {
    const opened = await openFirst(left, story.claim);
    if (opened === undefined) return;
    tally.note('after-sales cases', 'applied');
    for (const [place, said] of story.sequel.entries()) await say(opened, said, String(place));
  }

  /** The first of those that are left that can be complained about so. */
  async function openFirst(
    redemptions: Iterable<Redemption>,
    body: Claim,
  ): Promise<Case | undefined> {
    for (const { id } of redemptions) {
      if (id === undefined) continue;
      try {
        return await hongmi.openAfterSalesCase({ id, ...body }, demoKey('case', id));
      } catch (error) {
        if (!(error instanceof ProblemError) || !NOT_THIS.has(error.problem.code)) throw error;
      }
    }
    return undefined;
  }

  async function say({ id }: Case, said: Story['sequel'][number], place: string): Promise<void> {
    if ('answer' in said)
      await hongmi.answerAfterSalesCase({ id, ...said.answer }, demoKey('case', id, place));
    else await hongmi.stepAfterSalesCase({ id, ...said.step }, demoKey('case', id, place));
  }
}
