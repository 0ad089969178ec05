import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { useMe } from '../me.ts';
import { fenOf, MoneyField, yuanOf } from '../money-field.tsx';
import { words } from './words.ts';

export type FundingAccount = components['schemas']['FundingAccount'];
export type FundingAct = 'deposit' | 'withdrawal';

interface Typed {
  readonly yuan: number;
  readonly reference: string;
  readonly paidOn: string;
}

/** A transfer into custody or out of it that the bank has done. */
export function BookEntry({
  account: { id, withdrawableFen },
  act,
  onClose,
}: {
  readonly account: FundingAccount;
  readonly act: FundingAct;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const { name: actor } = useMe();
  const draft = `funding-${act}-${id}`;
  const [form] = AntForm.useForm<Typed>();
  const write = useWrite(
    ({ yuan, reference, paidOn }: Typed, idempotencyKey) =>
      hongmi.bookFunding(
        { id, kind: act, fen: fenOf(yuan), reference, paidOn, actor },
        { idempotencyKey },
      ),
    {
      touches: [['funding-accounts']],
      done: () => {
        dropDraft(draft);
        onClose();
      },
    },
  );
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  return (
    <Form
      draft={draft}
      form={form}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={act === 'deposit' ? t.deposit : t.withdraw}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.bookAbout}</p>
      <MoneyField
        name="yuan"
        label={t.amountField}
        extra={act === 'deposit' ? undefined : t.max(f.money(withdrawableFen))}
      />
      <AntForm.Item name="reference" label={t.reference} rules={needed}>
        <Input maxLength={140} />
      </AntForm.Item>
      <AntForm.Item name="paidOn" label={t.dayField} rules={needed}>
        <Input type="date" />
      </AntForm.Item>
    </Form>
  );
}

/** From which balance on the account shows as low. */
export function ChangeAlert({
  account: { id, alertFen },
  onClose,
}: {
  readonly account: FundingAccount;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const draft = `funding-alert-${id}`;
  const [form] = AntForm.useForm<{ yuan: number }>();
  const write = useWrite(
    (fen: number, idempotencyKey) =>
      hongmi.changeFundingAccount({ id, alertFen: fen }, { idempotencyKey }),
    {
      touches: [['funding-accounts']],
      done: () => {
        dropDraft(draft);
        onClose();
      },
    },
  );
  return (
    <Form
      draft={draft}
      form={form}
      initial={{ yuan: yuanOf(alertFen) }}
      onSubmit={({ yuan }) => void write.send(fenOf(yuan))}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.change}
      onCancel={onClose}
    >
      <MoneyField name="yuan" label={t.alertField} extra={t.alertHint} leastFen={0} />
    </Form>
  );
}
