import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Radio } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { Form } from '../../../design/form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useCode, useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './words.ts';

export type SettlementAccount = Item<'listSettlementAccounts'>;

interface Typed {
  readonly role: 'merchant' | 'operator' | 'custody';
  readonly merchantId?: string;
  readonly holder: string;
  readonly bank: string;
  readonly cnaps: string;
  readonly accountNumber: string;
}
const TOUCHES = [['settlement-accounts'], ['clearing-payments']];

/** Its number is sealed where it is stored: no draft of it is kept in the browser either. */
export function SetAccount({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const [form] = AntForm.useForm<Typed>();
  const role = AntForm.useWatch('role', form);
  const write = useWrite(
    ({ merchantId, ...typed }: Typed, idempotencyKey) =>
      hongmi.setSettlementAccount(
        {
          ...{ programme: code, actor },
          ...typed,
          ...(typed.role === 'merchant' && { merchantId }),
        },
        { idempotencyKey },
      ),
    {
      touches: TOUCHES,
      done: onClose,
    },
  );
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  return (
    <Form
      draft={undefined}
      form={form}
      initial={{ role: 'merchant' }}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.set}
      onCancel={onClose}
    >
      <AntForm.Item name="role" label={t.role} rules={needed}>
        <Radio.Group
          options={(['merchant', 'custody', 'operator'] as const).map((value) => ({
            value,
            label: t.roles[value],
          }))}
        />
      </AntForm.Item>
      {role === 'merchant' ? (
        <AntForm.Item name="merchantId" label={t.whom} rules={needed}>
          <MerchantSelect />
        </AntForm.Item>
      ) : null}
      <AntForm.Item name="holder" label={t.holder} rules={needed}>
        <Input maxLength={70} />
      </AntForm.Item>
      <AntForm.Item name="bank" label={t.bank} rules={needed}>
        <Input maxLength={70} />
      </AntForm.Item>
      <AntForm.Item
        name="cnaps"
        label={t.cnaps}
        rules={[...needed, { pattern: /^[0-9]{12}$/, message: t.format }]}
      >
        <Input inputMode="numeric" maxLength={12} />
      </AntForm.Item>
      <NumberField />
    </Form>
  );
}

function NumberField() {
  const t = useWords(words);
  return (
    <AntForm.Item
      name="accountNumber"
      label={t.number}
      extra={t.numberHint}
      rules={[{ required: true, whitespace: true, message: t.needed }]}
    >
      <Input inputMode="numeric" autoComplete="off" maxLength={32} />
    </AntForm.Item>
  );
}

/** By a second person, who brings the number along. */
export function ConfirmAccount({
  account: { role, merchantId, number, holder, bank },
  onClose,
}: {
  readonly account: SettlementAccount;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const [form] = AntForm.useForm<Pick<Typed, 'accountNumber'>>();
  const write = useWrite(
    (accountNumber: string, idempotencyKey) =>
      hongmi.confirmSettlementAccount(
        {
          ...{ programme: code, role, number, accountNumber, actor },
          ...(merchantId !== null && { merchantId }),
        },
        { idempotencyKey },
      ),
    {
      touches: TOUCHES,
      done: onClose,
    },
  );
  return (
    <Form
      draft={undefined}
      form={form}
      onSubmit={({ accountNumber }) => void write.send(accountNumber)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.confirm}
      onCancel={onClose}
    >
      <p>
        {merchantId === null ? t.roles[role] : <Party id={merchantId} />} · {holder} · {bank}
      </p>
      <p className="hm-soft">{t.confirmAbout}</p>
      <NumberField />
    </Form>
  );
}
