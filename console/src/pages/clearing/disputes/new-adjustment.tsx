import { useWords } from '@hongmi/ui/language.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { DialogForm } from '../../../design/dialog-form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useCode, useMe } from '../me.ts';
import { fenOf, MoneyField } from '../money-field.tsx';
import { words } from './words.ts';

interface Typed {
  readonly payer: string;
  readonly payee: string;
  readonly yuan: number;
  readonly reason: string;
  readonly evidence?: string;
}
const DRAFT = 'clearing-adjustment';

/** An amount between two sides that is put right in the next period. */
export function NewAdjustment({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  return (
    <DialogForm
      draft={DRAFT}
      submit={t.adjust}
      send={({ yuan, evidence, ...typed }: Typed, idempotencyKey) =>
        hongmi.createClearingAdjustment(
          {
            ...{ programme: code, fen: fenOf(yuan), actor },
            ...typed,
            ...(evidence && { evidence }),
          },
          { idempotencyKey },
        )
      }
      touches={[['clearing-adjustments']]}
      onClose={onClose}
    >
      <p className="hm-soft">{t.adjustAbout}</p>
      <AntForm.Item name="payer" label={t.payer} rules={needed}>
        <MerchantSelect withPlatform />
      </AntForm.Item>
      <AntForm.Item
        name="payee"
        label={t.payee}
        dependencies={['payer']}
        rules={[
          ...needed,
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value !== undefined && value === getFieldValue('payer')
                ? Promise.reject(new Error(t.same))
                : Promise.resolve(),
          }),
        ]}
      >
        <MerchantSelect withPlatform />
      </AntForm.Item>
      <MoneyField name="yuan" label={t.amount} extra={t.adjustRule} />
      <AntForm.Item name="reason" label={t.reason} rules={needed}>
        <Input.TextArea rows={3} maxLength={500} showCount />
      </AntForm.Item>
      <AntForm.Item name="evidence" label={t.evidenceField}>
        <Input.TextArea rows={2} maxLength={2000} />
      </AntForm.Item>
    </DialogForm>
  );
}
