import type { Failure } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { OneOffer } from './offer.ts';
import { redeemWords } from './redeem-words.ts';

const Qr = laterPart(() => import('@hongmi/ui/qr.tsx'), 'Qr');

/** After these there is nothing to be had here. */
const GONE: ReadonlySet<string> = new Set([
  ...['reward_out_of_stock', 'reward_not_in_force', 'redemption_limit_reached'],
  ...['fund_not_receiving', 'reward_not_for_member', 'insufficient_points'],
]);

/** Why it was not redeemed, and what to do about it; what is shown of the reward is asked for anew. Nothing where nothing failed. */
export function Refused({
  failure,
  reward,
}: {
  readonly failure: Failure | undefined;
  readonly reward: OneOffer;
}) {
  const t = useWords(redeemWords);
  const f = useFormat();
  const queries = useQueryClient();
  const code = failure?.kind === 'refused' ? failure.code : undefined;
  useEffect(() => {
    if (code === undefined) return;
    for (const key of ['reward', 'offers', 'availability', 'balances'])
      void queries.invalidateQueries({ queryKey: [key] });
  }, [code, queries]);
  if (failure === undefined) return null;
  if (failure.kind !== 'refused' || !isKnown(failure.code, t.refusals))
    return <FailureShown failure={failure} />;
  const [title, about] = t.refusals[failure.code];
  const { left } = failure.problem as { readonly left?: unknown };
  return (
    <Notice
      tone="bad"
      title={title}
      {...(GONE.has(failure.code) && { action: <Link href="~/m/rewards">{t.others}</Link> })}
      {...(failure.code === 'payer_needed' && {
        action: <Qr text={`${location.origin}/m/rewards/${reward.rewardId}`} label={t.inWechat} />,
      })}
    >
      {typeof left === 'number' && left > 0 ? t.left(f.number(left)) : null}
      {about}
    </Notice>
  );
}

type Refusals = (typeof redeemWords)['zh']['refusals'];
const isKnown = (code: string, words: Refusals): code is keyof Refusals => code in words;
