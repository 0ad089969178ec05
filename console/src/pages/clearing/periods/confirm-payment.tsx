import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Radio } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { Money } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './payment-words.ts';

export type Instruction = Item<'listPaymentInstructions'>;

interface Typed {
  readonly outcome: 'paid' | 'rejected';
  readonly reference: string;
  readonly toldOn: string;
  readonly reason?: string;
}

/** What the bank said of an instruction. */
export function ConfirmPayment({
  runId,
  periodId,
  instruction: { place, merchantId, kind, fen },
  onClose,
}: {
  readonly runId: string;
  readonly periodId: string;
  readonly instruction: Instruction;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const { name: actor } = useMe();
  const draft = `payment-${runId}-${place}`;
  const [form] = AntForm.useForm<Typed>();
  const outcome = AntForm.useWatch('outcome', form);
  const write = useWrite(
    ({ reason, ...typed }: Typed, idempotencyKey) =>
      hongmi.confirmPayment(
        {
          ...{ id: runId, place, actor },
          ...typed,
          ...(typed.outcome === 'rejected' && { reason }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['clearing-payments', periodId], ['funding-accounts']],
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
      initial={{ outcome: 'paid' }}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t.save}
      onCancel={onClose}
    >
      <p>
        {t[kind]} · {merchantId === null ? t.operator : <Party id={merchantId} />} ·{' '}
        <Money fen={fen} />
      </p>
      <p className="hm-soft">{t.once}</p>
      <AntForm.Item name="outcome" label={t.outcome} rules={needed}>
        <Radio.Group
          options={[
            { value: 'paid', label: t.paid },
            { value: 'rejected', label: t.rejected },
          ]}
        />
      </AntForm.Item>
      <AntForm.Item name="reference" label={t.referenceField} rules={needed}>
        <Input maxLength={100} />
      </AntForm.Item>
      <AntForm.Item name="toldOn" label={t.toldOn} rules={needed}>
        <Input type="date" />
      </AntForm.Item>
      {outcome === 'rejected' ? (
        <AntForm.Item name="reason" label={t.reason} rules={needed}>
          <Input maxLength={200} />
        </AntForm.Item>
      ) : null}
    </Form>
  );
}
