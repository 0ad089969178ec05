import { useConnection } from '@hongmi/ui/connection.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { hongmi } from '../app/api.ts';
import { dayIn } from '../app/clock.ts';
import type { Offer } from '../app/shop.ts';
import { newNumber, type Till, useEntries, useTill } from '../app/till.ts';
import { usePointsShown } from '../entries/points-shown.ts';
import type { Entry } from '../queue/entry.ts';
import type { Customer } from './customer.ts';
import { GoButton } from './go-button.tsx';
import { offersAt, type Quote, quoteAlone, worthChoosing } from './quote.ts';
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
    never: '断网时不能抵扣积分',
    neverWhy: '商家没有开放断网抵扣；网络恢复后可继续。',
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
    never: 'Points cannot be spent while offline',
    neverWhy:
      'The merchant takes no points while the till is cut off; it goes on once the network is back.',
    offline:
      'Offline: within today’s limit it is final. What the member lacks becomes a debt, at the merchant’s risk.',
    go: (money: string, points: string) => `Take off ${money} (${points})`,
    rest: (money: string) => `${money} left to pay`,
  },
});

/** What points take off the bill: as the platform says, or within the limit of the day while it cannot be asked. */
export function OffsetSheet({ deal }: { readonly deal: Deal }) {
  const t = useWords(words);
  const till = useTill();
  const entries = useEntries();
  const { isReachable } = useConnection();
  const [billNo] = useState(() => newNumber('B', till));
  const { customer, amountFen } = deal;
  const offers = offersAt(till.shop, till.store);
  const query = useQuery({
    queryKey: ['quotes', billNo, amountFen, customer?.lane, isReachable],
    enabled: customer !== undefined && offers.length > 0,
    staleTime: 0,
    networkMode: 'always',
    queryFn: () => {
      const asked = { billNo, amountFen, entries, isReachable };
      return Promise.all(offers.map((offer) => quote(till, offer, customer as Customer, asked)));
    },
  });
  if (customer === undefined || offers.length === 0)
    return <Notice tone="warn" title={t.noOffer} />;
  if (!isReachable && till.shop.offlineDayMax === 0)
    return (
      <Notice tone="warn" title={t.never}>
        {t.neverWhy}
      </Notice>
    );
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
      {(found) => <Quoted deal={deal} quotes={found} billNo={billNo} isOffline={!isReachable} />}
    </Loaded>
  );
}

function Quoted({
  deal,
  quotes,
  billNo,
  isOffline,
}: {
  readonly deal: Deal;
  readonly quotes: readonly Quote[];
  readonly billNo: string;
  readonly isOffline: boolean;
}) {
  const t = useWords(words);
  const { choices, problem } = worthChoosing(quotes);
  const why = useRefusalWords({ code: problem ?? '', title: t.tooSmall });
  const [best, ...others] = choices;
  if (best === undefined) {
    const isLimit = problem === 'offline_limit_reached';
    return (
      <Notice tone="warn" title={isLimit ? t.limit : t.none}>
        {isLimit ? t.limitWhy : problem === null ? t.tooSmall : why}
      </Notice>
    );
  }
  return (
    <div className="till-stack">
      {isOffline ? <Notice tone="warn" title={t.offline} /> : null}
      {choices.map((each) => (
        <OneOffer
          key={each.offer.rewardId}
          {...{ deal, billNo, quote: each }}
          isBest={each === best}
          isOne={others.length === 0}
        />
      ))}
    </div>
  );
}

/** Takes it off at once: choosing one is the last tap. */
function OneOffer({
  deal,
  billNo,
  quote: { offer, units, points, offFen },
  isBest,
  isOne,
}: {
  readonly deal: Deal;
  readonly billNo: string;
  readonly quote: Quote;
  readonly isBest: boolean;
  readonly isOne: boolean;
}) {
  const t = useWords(words);
  const f = useFormat();
  const say = usePointsShown();
  const language = useLanguage();
  const { amountFen: billFen, isBusy } = deal;
  const { rewardId, name, pointType } = offer;
  const go = (): void =>
    void deal.book({
      ...{ kind: 'offset', billNo, billFen, rewardId, units, offFen, pointType, points },
    });
  const told = t.go(f.money(offFen), say({ [pointType]: points }));
  const rest = <span className="hm-number">{t.rest(f.money(billFen - offFen))}</span>;
  return (
    <>
      {isOne ? (
        <p className="till-figure">{rest}</p>
      ) : (
        <p>
          <strong>{name[language] ?? name.zh}</strong> {rest}
        </p>
      )}
      {isBest ? (
        <GoButton isBusy={isBusy} go={go}>
          {told}
        </GoButton>
      ) : (
        <Button block size="large" disabled={isBusy} onClick={go}>
          {told}
        </Button>
      )}
    </>
  );
}

interface Bill {
  readonly billNo: string;
  readonly amountFen: number;
  readonly entries: readonly Entry[];
  readonly isReachable: boolean;
}

async function quote(
  { shop, store, now }: Till,
  offer: Offer,
  { whom, lane }: Customer,
  { amountFen: billFen, billNo, entries, isReachable }: Bill,
): Promise<Quote> {
  if (!isReachable || !('memberId' in whom)) {
    const dayOf = dayIn(shop.timeZone);
    const limit = { day: dayOf(now()), dayMax: shop.offlineDayMax, dayOf };
    return quoteAlone(offer, billFen, { entries, lane, ...limit });
  }
  const { memberId } = whom;
  const { merchantId } = shop;
  const asked = { id: offer.rewardId, memberId, merchantId, billNo, billFen };
  // Without an answer it is known that nobody can be asked, and asked anew: what is agreed then is agreed offline, and says so.
  const told = await hongmi.quoteBill({ ...asked, ...(store === null ? {} : { store }) });
  const points = told.price.reduce((sum, each) => sum + each.points, 0);
  return { offer, units: told.units, points, offFen: told.offFen, problem: told.problem };
}
