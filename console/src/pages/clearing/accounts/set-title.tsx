import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Form as AntForm, Input, Radio } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { DialogForm } from '../../../design/dialog-form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useCode, useMe } from '../me.ts';
import { words } from './words.ts';

interface Typed {
  readonly party: string;
  readonly title: string;
  readonly taxNumber: string;
  readonly address: string;
  readonly phone: string;
  readonly bank: string;
  readonly bankAccount: string;
  readonly handsOut: Item<'listInvoiceTitles'>['handsOut'];
}
const DRAFT = 'invoice-title';

/** In whose name invoices are made from now on. */
export function SetTitle({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  const field = (name: keyof Typed, label: string, maxLength: number) => (
    <AntForm.Item name={name} label={label} rules={needed}>
      <Input maxLength={maxLength} />
    </AntForm.Item>
  );
  return (
    <DialogForm
      draft={DRAFT}
      initial={{ handsOut: 'goods' }}
      submit={t.setTitle}
      send={({ party, ...typed }: Typed, idempotencyKey) =>
        hongmi.setInvoiceTitle(
          {
            ...{ programme: code, actor },
            ...typed,
            ...(party !== 'platform' && { merchantId: party }),
          },
          { idempotencyKey },
        )
      }
      touches={[['invoice-titles'], ['clearing-invoices']]}
      onClose={onClose}
    >
      <p className="hm-soft">{t.titlesAbout}</p>
      <AntForm.Item name="party" label={t.party} rules={needed}>
        <MerchantSelect withPlatform />
      </AntForm.Item>
      {field('title', t.name, 100)}
      {field('taxNumber', t.taxNumber, 20)}
      {field('address', t.address, 200)}
      {field('phone', t.phone, 40)}
      {field('bank', t.bank, 100)}
      {field('bankAccount', t.bankAccount, 32)}
      <AntForm.Item name="handsOut" label={t.handsOut} rules={needed}>
        <Radio.Group
          options={(['goods', 'reduced_goods', 'service'] as const).map((value) => ({
            value,
            label: t.handsOuts[value],
          }))}
        />
      </AntForm.Item>
    </DialogForm>
  );
}
