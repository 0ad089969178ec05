import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useProgrammeNow } from '../../app/clock.ts';
import { useSaid } from '../../app/said.ts';
import { Card, Page } from '../../design/page.tsx';
import { BillCard } from './bill-card.tsx';
import { BookingCard } from './booking-card.tsx';
import { DeliveryCards } from './delivery-cards.tsx';
import { DonationCard } from './donation-card.tsx';
import { useRedemption } from './query.ts';
import { type Redemption, standingOf } from './standing.ts';
import { StandingTag } from './standing-tag.tsx';
import { standingWords } from './standing-words.ts';
import { VouchersCard } from './vouchers-card.tsx';
import { words } from './words.ts';
import './redemptions.css';

// Neither is read first, and both weigh more than what is.
const PayingCard = laterPart(() => import('./paying-card.tsx'), 'PayingCard');
const Rest = laterPart(() => import('./rest.tsx'), 'Rest');

/** Something that was redeemed: how it stands, what to do now, what it cost and where that came from. */
export function RedemptionPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useRedemption(id);
  return (
    <Page title={t.one} up="~/m/redemptions">
      <Loaded query={query} rows={10}>
        {(redemption) => <Shown id={id} redemption={redemption} />}
      </Loaded>
    </Page>
  );
}

interface Parts {
  readonly id: string;
  readonly redemption: Redemption;
}

function Shown({ id, redemption }: Parts) {
  const t = useWords(words);
  const said = useSaid();
  const { now: nowWords } = useWords(standingWords);
  const now = useProgrammeNow();
  const standing = standingOf(redemption, now);
  const { fulfilment } = redemption.terms;
  return (
    <>
      <Card>
        <div className="hm-card-name">
          <strong>{said(redemption.name)}</strong>
          <StandingTag standing={standing} />
        </div>
        <p className="hm-soft">
          {redemption.quantity > 1 ? `${t.pieces(redemption.quantity)} · ` : ''}
          {nowWords[standing]}
        </p>
      </Card>
      {standing === 'paying' ? <PayingCard id={id} redemption={redemption} now={now} /> : null}
      <VouchersCard redemption={redemption} now={now} />
      <BookingCard id={id} redemption={redemption} now={now} />
      <DeliveryCards id={id} redemption={redemption} />
      <BillCard redemption={redemption} />
      {fulfilment === 'donation' && standing === 'done' ? <DonationCard id={id} /> : null}
      <Rest id={id} redemption={redemption} now={now} />
    </>
  );
}
