import { useWords } from '@hongmi/ui/language.ts';
import { instantOf } from '@hongmi/ui/wall-time.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { useProgramme } from '../../../app/programme.tsx';
import { DialogForm } from '../../../design/dialog-form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useMe } from '../me.ts';
import { fenOf, MoneyField } from '../money-field.tsx';
import { words } from './words.ts';

interface Typed {
  readonly merchantId: string;
  readonly alertYuan: number;
  readonly from?: string;
}
const DRAFT = 'funding-account';

export function OpenAccount({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const programme = useProgramme();
  const { name: actor } = useMe();
  return (
    <DialogForm
      draft={DRAFT}
      submit={t.open}
      send={({ merchantId, alertYuan, from }: Typed, idempotencyKey) =>
        hongmi.openFundingAccount(
          {
            ...{ programme: programme?.code, merchantId, alertFen: fenOf(alertYuan), actor },
            from: from ? instantOf(from, programme?.timeZone ?? 'UTC') : undefined,
          },
          { idempotencyKey },
        )
      }
      touches={[['funding-accounts'], ['prices']]}
      onClose={onClose}
    >
      <AntForm.Item
        name="merchantId"
        label={t.merchant}
        rules={[{ required: true, message: t.needed }]}
      >
        <MerchantSelect />
      </AntForm.Item>
      <MoneyField name="alertYuan" label={t.alertField} extra={t.alertHint} leastFen={0} />
      <AntForm.Item name="from" label={t.fromField} extra={t.fromHint}>
        <Input type="datetime-local" />
      </AntForm.Item>
    </DialogForm>
  );
}
