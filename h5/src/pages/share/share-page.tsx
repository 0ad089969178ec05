import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { hongmi, ME } from '../../app/api.ts';
import { INVITATION, type Invitation, useInvitationQuery } from '../../app/invitation.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Meter } from '../../design/meter.tsx';
import { Card, Page } from '../../design/page.tsx';
import { usePointsText } from '../../design/values.tsx';
import { LinkCard } from './link-card.tsx';
import { words } from './words.ts';

type Offer = NonNullable<Invitation['offer']>;
type Reward = Offer['rewards'][number];

/** What a member gets for bringing somebody, its cap, and the link: one step, never who it was. */
export default function SharePage() {
  const t = useWords(words);
  const query = useInvitationQuery();
  return (
    <Page title={t.title} about={t.about} up="~/m/me">
      <Loaded query={query} rows={10}>
        {(invitation) =>
          invitation.offer === null ? (
            <Empty title={t.none}>{t.noneAbout}</Empty>
          ) : (
            <Sharing invitation={invitation} offer={invitation.offer} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Sharing({
  invitation: { programme, code, joined },
  offer,
}: {
  readonly invitation: Invitation;
  readonly offer: Offer;
}) {
  const t = useWords(words);
  const f = useFormat();
  const merchant = useMerchantName(offer.merchantId);
  const isUsedUp = offer.rewards.every(({ usedUp }) => usedUp);
  return (
    <>
      <Card>
        <div className="hm-stack">
          {offer.rewards.map((reward) => (
            // Of one type a rule gives once; of two rules the type alone may be the same.
            <RewardShown key={JSON.stringify(reward)} reward={reward} />
          ))}
          {merchant === undefined ? null : <p className="hm-soft">{t.by(merchant)}</p>}
        </div>
      </Card>
      {isUsedUp ? <Notice tone="warn" title={t.usedUp} /> : null}
      {code === null ? (
        <MakeCard programme={programme} />
      ) : (
        <LinkCard programme={programme} code={code} />
      )}
      <Card>
        <p role="status">{joined === 0 ? t.joinedNone : t.joined(f.number(joined))}</p>
      </Card>
      <Card title={t.rules}>
        <ul className="hm-stack hm-soft">
          {t.lawful.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function RewardShown({ reward }: { readonly reward: Reward }) {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  const pointsText = usePointsText();
  const { points, pointType, pendingDays, caps } = reward;
  return (
    <>
      <p className="hm-figure">{t.reward(pointsText(points, pointType), typeName(pointType))}</p>
      <p className="hm-soft">
        {t.when}
        {pendingDays === 0 ? null : ` ${t.pending(f.number(pendingDays))}`}
      </p>
      {caps.map(({ per, points: most, counted }) => {
        // A cap is of points; where it is of whole rewards it is said in those.
        const isOfTimes = most % points === 0 && counted % points === 0;
        const [said, show] = isOfTimes
          ? [t.times[per], (value: number) => f.number(value / points)]
          : [t.points[per], (value: number) => pointsText(value, pointType)];
        return (
          <Meter
            key={per}
            label={said(show(counted), show(most))}
            value=""
            share={most === 0 ? 1 : counted / most}
          />
        );
      })}
    </>
  );
}

/** Nobody has a code who did not ask for one. */
function MakeCard({ programme }: { readonly programme: string }) {
  const t = useWords(words);
  const write = useWrite(
    (asked: { readonly programme: string }, idempotencyKey) =>
      hongmi.createInvitation({ ...ME, ...asked }, { idempotencyKey }),
    { touches: [INVITATION] },
  );
  return (
    <Card title={t.mine}>
      <div className="hm-stack">
        <p className="hm-soft">{t.makeAbout}</p>
        {write.failure === undefined ? null : <FailureShown failure={write.failure} />}
        <Button
          block
          color="primary"
          size="large"
          loading={write.isSending}
          onClick={() => void write.send({ programme })}
        >
          {t.make}
        </Button>
      </div>
    </Card>
  );
}
