import { useWords } from '@hongmi/ui/language.ts';
import { Alert } from 'antd';
import { roleWords } from '../../app/roles.ts';
import { useSession } from '../../app/session.ts';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Code } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { AuthenticatorCard } from './authenticator-card.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { words } from './words.ts';
import './account.css';

/** Who is signed in, by what, and where else. */
export default function AccountPage() {
  const t = useWords(words);
  const roles = useWords(roleWords);
  const { staff, actorId, secondFactor, merchantId, programme } = useSession();
  if (staff === null) return null;
  const place =
    merchantId !== null ? <Merchant id={merchantId} /> : (programme ?? <span>{t.platform}</span>);
  return (
    <Page title={t.title} about={t.about}>
      {secondFactor.missing ? (
        <Alert type="warning" showIcon title={t.must} description={t.mustWhy} />
      ) : null}
      {staff.demo ? <Alert type="info" showIcon title={t.demo} description={t.demoWhy} /> : null}
      <Card>
        <Facts
          rows={[
            [t.name, staff.name],
            [t.email, staff.email],
            [t.role, roles[staff.role]],
            [t.where, place],
            [t.number, <Code key="actor">{actorId}</Code>],
          ]}
        />
      </Card>
      {staff.demo ? null : (
        <>
          <AuthenticatorCard />
          <PasskeysCard />
          <PasswordCard />
        </>
      )}
      <SessionsCard />
    </Page>
  );
}
