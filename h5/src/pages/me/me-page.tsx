import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Button } from 'antd-mobile';
import {
  BillOutline,
  CalendarOutline,
  CouponOutline,
  FlagOutline,
  GiftOutline,
  HeartOutline,
  MailOutline,
  SetOutline,
  SmileOutline,
  TeamOutline,
  TruckOutline,
} from 'antd-mobile-icons';
import { useInvitationQuery } from '../../app/invitation.ts';
import { useMe } from '../../app/me.ts';
import { chosenProgramme, useProgramme, useProgrammes } from '../../app/programme.ts';
import { useSignOut } from '../../app/sign-out.ts';
import { Choice } from '../../design/choice.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { words } from './words.ts';

const WAYS = [
  { name: 'offers', Icon: GiftOutline },
  { name: 'redemptions', Icon: CouponOutline },
  { name: 'after-sales', Icon: TruckOutline },
  { name: 'donations', Icon: HeartOutline },
  { name: 'points', Icon: CalendarOutline },
  { name: 'tier', Icon: FlagOutline },
  { name: 'green', Icon: SmileOutline },
  { name: 'statement', Icon: BillOutline },
  { name: 'messages', Icon: MailOutline },
  { name: 'settings', Icon: SetOutline },
] as const;

/** Who is signed in, and the way to everything that is theirs. */
export default function MePage() {
  const t = useWords(words);
  const { name, phoneLastFour } = useMe();
  const programmes = useProgrammes();
  const programme = useProgramme();
  const signOut = useSignOut();
  const offer = useInvitationQuery().data?.offer;
  return (
    <Page title={t.title}>
      <Card>
        <p className="hm-figure">{name ?? t.nameless}</p>
        {phoneLastFour === null ? null : <p className="hm-soft">{t.phone(phoneLastFour)}</p>}
      </Card>
      {programmes.length > 1 && programme !== undefined ? (
        <Card title={t.programme}>
          <Choice
            label={t.programme}
            value={programme.code}
            options={programmes.map((each) => ({ value: each.code, label: each.name }))}
            onChange={chosenProgramme.set}
          />
        </Card>
      ) : null}
      <Card flush>
        <Rows>
          {offer === null || offer === undefined ? null : (
            <Row href="~/m/share" icon={<TeamOutline aria-hidden />} title={t.share} />
          )}
          {WAYS.map(({ name, Icon }) => (
            <Row key={name} href={`~/m/${name}`} icon={<Icon aria-hidden />} title={t[name]} />
          ))}
        </Rows>
      </Card>
      {signOut.failure === undefined ? null : <FailureShown failure={signOut.failure} />}
      <Button block loading={signOut.isSending} onClick={() => void signOut.send()}>
        {t.signOut}
      </Button>
    </Page>
  );
}
