import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { Money } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './invoice-words.ts';

export type Invoice = Item<'listInvoices'>;
export type InvoiceStep = 'issued' | 'reversed' | 'cancel';

interface Typed {
  readonly number: string;
  readonly issuedOn: string;
  readonly reason: string;
}

/** Notes what the tax system did, or takes back what it never saw. */
export function StepInvoice({
  invoice: { id, periodId, merchantId, grossFen },
  step,
  onClose,
}: {
  readonly invoice: Invoice;
  readonly step: InvoiceStep;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const { name: actor } = useMe();
  const draft = `invoice-${step}-${id}`;
  const [form] = AntForm.useForm<Typed>();
  const write = useWrite(
    async ({ number, issuedOn, reason }: Typed, idempotencyKey) => {
      const options = { idempotencyKey };
      switch (step) {
        case 'issued':
          return void (await hongmi.noteInvoiceIssued({ id, number, issuedOn, actor }, options));
        case 'reversed':
          return void (await hongmi.noteInvoiceReversed(
            { id, number, issuedOn, reason, actor },
            options,
          ));
        case 'cancel':
          return void (await hongmi.cancelInvoice({ id, reason, actor }, options));
      }
    },
    {
      touches: [['clearing-invoices', periodId]],
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
      submit={t[step]}
      onCancel={onClose}
    >
      <p>
        <Party id={merchantId} /> · <Money fen={grossFen} />
      </p>
      {step === 'cancel' ? <p className="hm-soft">{t.cancelWhy}</p> : null}
      {step === 'cancel' ? null : (
        <>
          <AntForm.Item name="number" label={t.numberField} rules={needed}>
            <Input maxLength={40} />
          </AntForm.Item>
          <AntForm.Item name="issuedOn" label={t.dayField} rules={needed}>
            <Input type="date" />
          </AntForm.Item>
        </>
      )}
      {step === 'issued' ? null : (
        <AntForm.Item name="reason" label={t.reason} rules={needed}>
          <Input maxLength={200} />
        </AntForm.Item>
      )}
    </Form>
  );
}
