import { useConnection } from '@hongmi/ui/connection.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hongmi } from '../app/api.ts';
import { dayIn } from '../app/clock.ts';
import { type Offer, offersAt, type Shop, unitsFor } from '../app/shop.ts';
import { newNumber, type Till, useEntries, useTill } from '../app/till.ts';
import { usePointsShown } from '../entries/points-shown.ts';
import { type Entry, offlineLeft } from '../queue/entry.ts';
import type { Customer } from './customer.ts';
import { GoButton } from './go-button.tsx';
import type { Deal } from './use-deal.ts';

const words = wordsOf({
  zh: {
    none: '这张账单不能用积分抵扣',
    noOffer: '商家没有积分抵账单的兑换品。',
    tooSmall: '账单太小，或会员的积分不够。',
    unproven: '请扫会员码',
    unprovenWhy: '只报手机号不能使用会员的积分。',
    camera: '用摄像头扫码',
    limit: '断网时抵扣已到今日上限',
    limitWhy: '一名会员一天只能断网抵扣这么多；网络恢复后可继续。',
    offline: '断网抵扣：在今日上限之内算数，积分不足时记为会员的欠分，风险由商家承担。',
    go: (money: string, points: string) => `抵扣 ${money}（${points}）`,
    rest: (money: string) => `还需付 ${money}`,
  },
  en: {
    none: 'Points take nothing off this bill',
    noOffer: 'The merchant has no reward that takes points off a bill.',
    tooSmall: 'The bill is too small, or the member has too few points.',
    unproven: 'Scan the member code',
    unprovenWhy: 'Nobody spends a member’s points by saying a phone number.',
    camera: 'Scan with the camera',
    limit: 'Today’s limit while offline is reached',
    limitWhy:
      'One member spends only so much in a day while the till is cut off; it goes on online.',
    offline:
      'Offline: within today’s limit it is final. What the member lacks becomes a debt, at the merchant’s risk.',
    go: (money: string, points: string) => `Take off ${money} (${points})`,
    rest: (money: string) => `${money} left to pay`,
  },
});

/** So many units of an offer, and what they cost and take off. */
interface Quote {
  readonly offer: Offer;
  readonly units: number;
  readonly points: number;
  readonly offFen: number;
  /** Why there is not one, as the API says it. */
  readonly problem: string | null;
}

/** How much points take off the bill: as the platform says, or within the limit of the day while it cannot be asked. */
export function OffsetSheet({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  const till = useTill();
  const entries = useEntries();
  const { isReachable } = useConnection();
  const [billNo] = useState(() => newNumber('B', till.now()));
  const { customer, amountFen } = deal;
  const [offer] = offersAt(till.shop, till.store);
  const query = useQuery({
    queryKey: ['quote', billNo, amountFen, customer?.lane, isReachable],
    enabled: customer !== undefined && offer !== undefined,
    staleTime: 0,
    networkMode: 'always',
    queryFn: () =>
      quote(till, offer as Offer, customer as Customer, {
        billNo,
        amountFen,
        entries,
        isReachable,
      }),
  });
  if (customer === undefined || offer === undefined)
    return <Notice tone="warn" title={t.noOffer} />;
  if (!customer.isProven)
    return (
      <div className="till-stack">
        <Notice tone="warn" title={t.unproven}>
          {t.unprovenWhy}
        </Notice>
        <GoButton isBusy={deal.isBusy} go={() => deal.open('camera')}>
          {t.camera}
        </GoButton>
      </div>
    );
  return (
    <Loaded query={query}>
      {(found) => <Quoted deal={deal} quote={found} billNo={billNo} isOffline={!isReachable} />}
    </Loaded>
  );
}

function Quoted({
  deal,
  quote: { offer, units, points, offFen, problem },
  billNo,
  isOffline,
}: {
  readonly deal: Deal;
  readonly quote: Quote;
  readonly billNo: string;
  readonly isOffline: boolean;
}) {
  const t = useWords(words);
  const f = useFormat();
  const say = usePointsShown();
  const { amountFen: billFen } = deal;
  const why = useRefusalWords({ code: problem ?? '', title: t.tooSmall });
  if (units === 0) {
    const isLimit = problem === 'offline_limit_reached';
    return (
      <Notice tone="warn" title={isLimit ? t.limit : t.none}>
        {isLimit ? t.limitWhy : problem === null ? t.tooSmall : why}
      </Notice>
    );
  }
  const { rewardId, pointType } = offer;
  return (
    <div className="till-stack">
      {isOffline ? <Notice tone="warn" title={t.offline} /> : null}
      <p className="till-figure hm-number">{t.rest(f.money(billFen - offFen))}</p>
      <GoButton
        isBusy={deal.isBusy}
        go={() =>
          void deal.book({
            ...{ kind: 'offset', billNo, billFen, rewardId, units, offFen, pointType, points },
          })
        }
      >
        {t.go(f.money(offFen), say({ [pointType]: points }))}
      </GoButton>
    </div>
  );
}

interface Bill {
  readonly billNo: string;
  readonly amountFen: number;
  readonly entries: readonly Entry[];
  readonly isReachable: boolean;
}

async function quote(till: Till, offer: Offer, customer: Customer, bill: Bill): Promise<Quote> {
  const { amountFen: billFen, billNo } = bill;
  const alone = quoteOffline(till.shop, offer, customer, bill, till.now());
  if (!bill.isReachable || !('memberId' in customer.whom)) return alone;
  const { memberId } = customer.whom;
  const { merchantId } = till.shop;
  const { store } = till;
  const asked = { id: offer.rewardId, memberId, merchantId, billNo, billFen };
  // Without an answer it is known that nobody can be asked, and asked anew: what is agreed then is agreed offline, and says so.
  const told = await hongmi.quoteBill({ ...asked, ...(store === null ? {} : { store }) });
  const points = told.price.reduce((sum, each) => sum + each.points, 0);
  return { offer, units: told.units, points, offFen: told.offFen, problem: told.problem };
}

/** By the terms that the till knows, and no more points than are final in a day. */
function quoteOffline(
  shop: Shop,
  offer: Offer,
  { lane }: Customer,
  { amountFen, entries }: Bill,
  now: string,
): Quote {
  const dayOf = dayIn(shop.timeZone);
  const left = offlineLeft(entries, lane, {
    ...{ pointType: offer.pointType, day: dayOf(now), dayMax: shop.offlineDayMax, dayOf },
  });
  const borne = unitsFor(offer, amountFen);
  const units = Math.min(borne, Math.floor(left / offer.points));
  const problem = units === 0 && borne > 0 ? 'offline_limit_reached' : null;
  return { offer, units, points: units * offer.points, offFen: units * offer.offFen, problem };
}
