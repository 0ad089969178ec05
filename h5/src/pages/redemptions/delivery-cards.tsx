import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Timeline } from '../../design/timeline.tsx';
import { useRegionNames } from '../../recipient/regions.ts';
import { isToSend, type Redemption } from './standing.ts';
import { StandingTag } from './standing-tag.tsx';
import { words } from './words.ts';

type Sent = NonNullable<Redemption['sentAgain']>[number];
type Progress = Omit<Sent, 'exchangeOf' | 'quantity' | 'region' | 'recipient'>;

/** How far it is and to whom it goes: what was sent first, and what was sent again for it. */
export function DeliveryCards({
  id,
  redemption,
}: {
  readonly id: string;
  readonly redemption: Redemption;
}) {
  const t = useWords(words);
  const f = useFormat();
  const { delivery, particulars, sentAgain = [] } = redemption;
  if (particulars?.kind !== 'delivery') return null;
  return (
    <>
      <Card title={t.delivery} flush>
        <div className="hm-details hm-stack">
          {delivery === undefined ? null : <Way progress={delivery} />}
          <To recipient={particulars.recipient} region={particulars.region} />
        </div>
        {isToSend(redemption) ? (
          <Rows>
            <Row
              href={`~/m/redemptions/${id}/recipient`}
              title={t.redirect}
              about={t.redirectAbout}
            />
          </Rows>
        ) : null}
      </Card>
      {sentAgain.map((each) => (
        <Card key={each.exchangeOf} title={t.sentAgain(f.number(each.quantity))}>
          <div className="hm-stack">
            <p>
              <StandingTag standing={each.state === 'cancelled' ? 'returned' : each.state} />
            </p>
            <Way progress={each} />
            <To recipient={each.recipient} region={each.region} />
          </div>
        </Card>
      ))}
    </>
  );
}

function Way({ progress }: { readonly progress: Progress }) {
  const t = useWords(words);
  const { sentAt, carrier, trackingNo, deliveredAt, undeliverableAt, reason } = progress;
  const events = [
    { key: 'sent', at: sentAt, title: t.sent },
    { key: 'delivered', at: deliveredAt, title: t.delivered },
    { key: 'undeliverable', at: undeliverableAt, title: t.undeliverable, note: reason },
  ].flatMap(({ at, ...event }) => (at === null ? [] : [{ ...event, at }]));
  return (
    <>
      <Facts
        rows={[
          [t.carrier, carrier],
          [
            t.trackingNo,
            trackingNo === null ? null : (
              <span key="no" className="hm-code">
                {trackingNo}
              </span>
            ),
          ],
        ]}
      />
      {events.length === 0 ? null : <Timeline events={events} />}
    </>
  );
}

function To({ recipient, region }: Pick<Sent, 'recipient' | 'region'>) {
  const t = useWords(words);
  const regionName = useRegionNames(recipient !== null);
  // Province, city, district; of a municipality the first two are one.
  const levels = new Set([region.slice(0, 2), region.slice(0, 4), region].map(regionName));
  if (recipient === null) return <p className="hm-soft">{t.recipientErased}</p>;
  return (
    <Facts
      rows={[
        [t.recipient, `${recipient.name} ${recipient.phone}`],
        [t.address, [...levels, recipient.address].join(' ')],
      ]}
    />
  );
}
