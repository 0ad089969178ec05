import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Alert, Form as AntForm, Button, Input } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useSession } from '../../app/session.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { Tag } from '../../design/tag.tsx';
import { AuthenticatorSetup, BackupCodes } from './authenticator-setup.tsx';
import { words } from './words.ts';

type Begun = components['schemas']['AuthenticatorSecret'];

interface Values {
  readonly password: string;
}

const TOUCHED = [['session'], ['own-sessions']];

/** An authenticator: set up in two steps, with backup codes; removed; new backup codes. */
export function AuthenticatorCard() {
  const t = useWords(words);
  const { staff } = useSession();
  const isOn = staff?.secondFactor === 'authenticator' || staff?.secondFactor === 'both';
  return (
    <Card
      title={t.factor}
      actions={<Tag tone={isOn ? 'good' : 'plain'}>{isOn ? t.on : t.off}</Tag>}
    >
      <p>{t.factorAbout}</p>
      {isOn ? <Kept /> : <SetUp />}
    </Card>
  );
}

function SetUp() {
  const t = useWords(words);
  const message = useMessage();
  const [begun, setBegun] = useState<Begun>();
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    (asked: Values, idempotencyKey) => hongmi.beginAuthenticator(asked, { idempotencyKey }),
    { done: setBegun },
  );
  if (begun !== undefined)
    return (
      <AuthenticatorSetup
        begun={begun}
        touches={TOUCHED}
        done={() => void message.success(t.enabled)}
      />
    );
  return (
    <ByPassword
      why={t.beginWhy}
      submit={t.begin}
      form={form}
      isSending={write.isSending}
      failure={write.failure}
      onSubmit={(values) => void write.send(values)}
    />
  );
}

function Kept() {
  const t = useWords(words);
  const ask = useAsk();
  const message = useMessage();
  const [isAsked, setAsked] = useState(false);
  const [form] = AntForm.useForm<Values>();
  const remove = useWrite(
    (_: object, idempotencyKey) => hongmi.removeAuthenticator({ idempotencyKey }),
    { touches: TOUCHED, done: () => void message.success(t.removed) },
  );
  const [codes, setCodes] = useState<readonly string[]>();
  const renew = useWrite(
    (asked: Values, idempotencyKey) => hongmi.makeBackupCodes(asked, { idempotencyKey }),
    { done: ({ backupCodes }) => setCodes(backupCodes) },
  );
  async function askAndRemove(): Promise<void> {
    const isSure = await ask({
      ...{ title: t.askRemove, about: t.askRemoveWhy, yes: t.remove, danger: true },
    });
    if (isSure) await remove.send({});
  }
  if (codes !== undefined)
    return (
      <Alert
        type="warning"
        title={t.codesTitle}
        description={<BackupCodes codes={codes} />}
        action={
          <Button
            size="small"
            onClick={() => {
              setCodes(undefined);
              setAsked(false);
            }}
          >
            {t.done}
          </Button>
        }
      />
    );
  if (isAsked)
    return (
      <ByPassword
        why={t.newCodesWhy}
        submit={t.newCodes}
        form={form}
        isSending={renew.isSending}
        failure={renew.failure}
        onSubmit={(values) => void renew.send(values)}
        onCancel={() => setAsked(false)}
      />
    );
  return (
    <>
      <div className="hm-actions">
        <Button onClick={() => setAsked(true)}>{t.newCodes}</Button>
        <Button danger loading={remove.isSending} onClick={() => void askAndRemove()}>
          {t.remove}
        </Button>
      </div>
      {remove.failure === undefined ? null : <FailureAlert failure={remove.failure} />}
    </>
  );
}

function ByPassword({
  why,
  ...props
}: { readonly why: string } & Pick<
  Parameters<typeof Form<Values>>[0],
  'form' | 'submit' | 'isSending' | 'failure' | 'onSubmit' | 'onCancel'
>) {
  const t = useWords(words);
  return (
    <div className="hm-narrow">
      <Form<Values> draft={undefined} {...props}>
        <AntForm.Item
          name="password"
          label={t.current}
          extra={why}
          rules={[{ required: true, message: t.needed }]}
        >
          <Input.Password autoComplete="current-password" maxLength={128} />
        </AntForm.Item>
      </Form>
    </div>
  );
}
