import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Qr } from '@hongmi/ui/qr.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { Alert, Form as AntForm, Input } from 'antd';
import { hongmi } from '../../app/api.ts';
import { Form } from '../../design/form.tsx';
import { Code, CopyButton } from '../../design/values.tsx';
import { words } from './words.ts';

interface Values {
  readonly code: string;
}

/** The second step: what the app is to scan, the backup codes, and a code that proves that it did. */
export function AuthenticatorSetup({
  begun: { uri, secret, backupCodes },
  touches,
  done,
}: {
  readonly begun: components['schemas']['AuthenticatorSecret'];
  readonly touches: readonly QueryKey[];
  readonly done: () => void;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    (asked: Values, idempotencyKey) => hongmi.confirmAuthenticator(asked, { idempotencyKey }),
    { touches, done },
  );
  return (
    <div className="hm-authenticator">
      <div>
        <h3>{t.scan}</h3>
        <Qr text={uri} label={t.qr} />
      </div>
      <div>
        <p>
          {t.scanWhy} <Code>{secret}</Code>
          <CopyButton text={secret} />
        </p>
        <Alert
          type="warning"
          title={t.keep}
          description={
            <>
              {t.keepWhy}
              <BackupCodes codes={backupCodes} />
            </>
          }
        />
        <Form<Values>
          draft={undefined}
          form={form}
          submit={t.enable}
          onSubmit={(values) => void write.send(values)}
          isSending={write.isSending}
          failure={write.failure}
        >
          <AntForm.Item
            name="code"
            label={t.confirm}
            validateTrigger="onBlur"
            rules={[{ required: true, pattern: /^\d{6}$/, message: t.codeForm }]}
          >
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
          </AntForm.Item>
        </Form>
      </div>
    </div>
  );
}

export function BackupCodes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <>
      <ul className="hm-backup-codes">
        {codes.map((code) => (
          <li key={code}>
            <Code>{code}</Code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} />
    </>
  );
}
