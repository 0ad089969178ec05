import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useState } from 'react';
import { Link } from 'wouter';
import { useSaid } from '../../app/said.ts';
import { Page } from '../../design/page.tsx';
import { type OneOffer, usedUp } from './offer.ts';
import { RedeemForm } from './redeem-form.tsx';
import { redeemWords } from './redeem-words.ts';
import { useReward } from './reward-query.ts';

/** Redeeming one reward: what is to be chosen, what it comes to, and then it is done. */
export function RedeemPage({ id }: { readonly id: string }) {
  const t = useWords(redeemWords);
  const said = useSaid();
  const query = useReward(id);
  return (
    <Page
      title={t.title}
      up={`~/m/rewards/${id}`}
      {...(query.data && { about: said(query.data.body.name) })}
    >
      <Loaded query={query} rows={8}>
        {(reward) => <Door reward={reward} />}
      </Loaded>
    </Page>
  );
}

/** Who came in stays in the form, which says why when it cannot be had any more; nobody comes in for nothing. */
function Door({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(redeemWords);
  const canHave = reward.redeemable && usedUp(reward) === undefined && !isAtTill(reward);
  const [isIn, setIn] = useState(canHave);
  if (canHave && !isIn) setIn(true);
  if (isIn) return <RedeemForm reward={reward} />;
  return (
    <Notice
      tone="warn"
      title={t.unable}
      action={<Link href={`/${reward.rewardId}`}>{t.seeReward}</Link>}
    />
  );
}

/** What comes off a bill is asked for where the bill is. */
const isAtTill = ({ body: { fulfilment } }: OneOffer): boolean => fulfilment.kind === 'offset';
