import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { signWithPasskey } from './passkey.ts';

const words = wordsOf({
  zh: {
    title: '还需要第二因素',
    code: '身份验证器上的 6 位验证码',
    codeForm: '6 位数字',
    backup: '备用码',
    backupForm: '形如 abcde-fGHij',
    go: '确认',
    useBackup: '改用备用码',
    useCode: '改用验证码',
    passkeyAbout: '此账号用通行密钥确认。请按浏览器的提示操作。',
    passkey: '使用通行密钥',
    back: '返回',
  },
  en: {
    title: 'A second factor is needed',
    code: 'The 6 digits your authenticator shows',
    codeForm: '6 digits',
    backup: 'Backup code',
    backupForm: 'Like abcde-fGHij',
    go: 'Confirm',
    useBackup: 'Use a backup code',
    useCode: 'Use a code',
    passkeyAbout: 'This account confirms by a passkey. Do as the browser says.',
    passkey: 'Use a passkey',
    back: 'Back',
  },
});

interface Values {
  readonly code: string;
}

/** The second step: a code of the authenticator, a backup code, or a passkey. */
export function SecondFactorForm({
  methods,
  done,
  back,
}: {
  readonly methods: readonly string[];
  readonly done: () => void;
  readonly back: () => void;
}) {
  const t = useWords(words);
  return (
    <>
      <h2 className="hm-door-step">{t.title}</h2>
      {methods.includes('passkey') ? (
        <ByPasskey done={done} back={back} />
      ) : (
        <ByCode done={done} back={back} />
      )}
    </>
  );
}

interface Step {
  readonly done: () => void;
  readonly back: () => void;
}

function ByCode({ done, back }: Step) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const [isBackup, setBackup] = useState(false);
  const write = useWrite(
    ({ code }: Values) => hongmi.signInSecondFactor(isBackup ? { backupCode: code } : { code }),
    { done },
  );
  const rule = isBackup
    ? { pattern: /^[A-Za-z0-9]{5}-[A-Za-z0-9]{5}$/, message: t.backupForm }
    : { pattern: /^\d{6}$/, message: t.codeForm };
  return (
    <Form<Values>
      key={isBackup ? 'backup' : 'code'}
      draft={undefined}
      form={form}
      submit={t.go}
      onSubmit={(values) => void write.send(values)}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={back}
      more={
        <Button
          type="link"
          onClick={() => {
            form.resetFields();
            write.clear();
            setBackup(!isBackup);
          }}
        >
          {isBackup ? t.useCode : t.useBackup}
        </Button>
      }
    >
      <AntForm.Item
        name="code"
        label={isBackup ? t.backup : t.code}
        rules={[{ required: true, message: rule.message }, rule]}
        validateTrigger="onBlur"
      >
        <Input
          autoFocus
          autoComplete="one-time-code"
          inputMode={isBackup ? 'text' : 'numeric'}
          maxLength={isBackup ? 11 : 6}
        />
      </AntForm.Item>
    </Form>
  );
}

function ByPasskey({ done, back }: Step) {
  const t = useWords(words);
  const write = useWrite((_: object) => signWithPasskey(), { done: () => done() });
  return (
    <>
      <p>{t.passkeyAbout}</p>
      <div className="hm-actions">
        <Button type="primary" loading={write.isSending} onClick={() => void write.send({})}>
          {t.passkey}
        </Button>
        <Button onClick={back}>{t.back}</Button>
      </div>
      {write.failure === undefined ? null : <FailureAlert failure={write.failure} />}
    </>
  );
}
