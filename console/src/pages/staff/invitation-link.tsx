import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Alert } from 'antd';
import { Code, CopyButton, When } from '../../design/values.tsx';
import { words } from './words.ts';

/** The link of an invitation, which is shown once. */
export function InvitationLink({
  made: { invitation },
}: {
  readonly made: components['schemas']['StaffInvited'];
}) {
  const t = useWords(words);
  if (invitation === null || invitation.path === null) return null;
  const link = `${location.origin}${invitation.path}`;
  return (
    <Alert
      type="success"
      title={t.link}
      description={
        <>
          <p>
            <Code>{link}</Code>
            <CopyButton text={link} />
          </p>
          <p>
            {t.linkWhy} {t.until} <When at={invitation.until} />
          </p>
        </>
      }
    />
  );
}
