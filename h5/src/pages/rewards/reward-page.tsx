import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { Button } from 'antd-mobile';
import { Link, useLocation } from 'wouter';
import { useMerchantNames } from '../../app/merchants.ts';
import { usePriceWords } from '../../app/price.ts';
import { useSaid } from '../../app/said.ts';
import { Card, Page } from '../../design/page.tsx';
import { firstOption, type OneOffer, usedUp } from './offer.ts';
import { OptionsCard } from './options-card.tsx';
import { useReward } from './reward-query.ts';
import { TermsCards } from './terms-cards.tsx';
import { useUnmetWords } from './unmet.ts';
import { words } from './words.ts';

/** One reward: what it takes by each way to pay and what that is worth, how it is used, and what is promised. */
export function RewardPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  const query = useReward(id);
  const title = query.data === undefined ? t.title : said(query.data.body.name);
  return (
    <Page title={title} up="~/m/rewards">
      <Loaded query={query} rows={10}>
        {(reward) => <Reward reward={reward} />}
      </Loaded>
    </Page>
  );
}

function Reward({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const merchants = useMerchantNames();
  const { body } = reward;
  return (
    <>
      <p className="hm-about">
        {[
          ...body.stores.map(({ merchant }) => merchants?.get(merchant) ?? ''),
          t.kinds[body.kind],
          t.worth(f.money(body.cashValueFen)),
        ].join(' · ')}
      </p>
      <Standing reward={reward} />
      <OptionsCard reward={reward} />
      {body.description === undefined ? null : (
        <Card>
          <p className="hm-prose">{said(body.description)}</p>
        </Card>
      )}
      <TermsCards reward={reward} />
      <Way reward={reward} />
    </>
  );
}

/** Why it cannot be had, and what to do about it; nothing where it can. */
function Standing({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  const price = usePriceWords();
  const unmet = useUnmetWords(reward);
  const none = usedUp(reward);
  if (unmet !== undefined)
    return (
      <Notice
        tone="warn"
        title={unmet}
        {...(reward.unmet?.code === 'tier' && {
          action: <Link href="~/m/tier">{t.seeTier}</Link>,
        })}
      />
    );
  if (none !== undefined)
    return (
      <Notice
        tone="warn"
        title={
          none.of === 'stock'
            ? t.noStock
            : none.of === 'limit'
              ? t.limitOut[none.per]
              : t.quotaOut[none.per]
        }
      />
    );
  if (reward.redeemable) return null;
  return (
    <Notice
      title={t.missingTitle(price(firstOption(reward)?.missing ?? []))}
      action={<Link href="~/m/code">{t.codePage}</Link>}
    >
      {t.missingAbout}
    </Notice>
  );
}

/** The way on, at the bottom of the screen: what comes off a bill is asked for at the till. */
function Way({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  const [, navigate] = useLocation();
  if (reward.body.fulfilment.kind === 'offset')
    return (
      <div className="hm-way">
        <Button block color="primary" size="large" onClick={() => navigate('~/m/code')}>
          {t.atTill}
        </Button>
      </div>
    );
  const canHave = reward.redeemable && usedUp(reward) === undefined;
  return (
    <div className="hm-way">
      <Button
        block
        color="primary"
        size="large"
        disabled={!canHave}
        onClick={() => navigate(`/${reward.rewardId}/redeem`)}
      >
        {canHave ? t.redeem : t.notNow}
      </Button>
    </div>
  );
}
