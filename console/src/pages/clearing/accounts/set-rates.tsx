import { useWords } from '@hongmi/ui/language.ts';
import { Form as AntForm, Input, InputNumber } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { DialogForm } from '../../../design/dialog-form.tsx';
import { useCode, useMe } from '../me.ts';
import { BASIS_POINTS } from './basis-points.ts';
import { words } from './words.ts';

interface Typed {
  readonly from: string;
  readonly standard: number;
  readonly reduced: number;
  readonly service: number;
}
const DRAFT = 'tax-rates';

/** By which rates fees and hand-outs are taxed, from a day on. */
export function SetRates({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const code = useCode();
  const { name: actor } = useMe();
  const needed = [{ required: true, message: t.needed }];
  const percent = (name: keyof Typed, label: string) => (
    <AntForm.Item name={name} label={label} rules={needed}>
      <InputNumber<number> min={0} max={100} precision={2} suffix={t.percent} />
    </AntForm.Item>
  );
  return (
    <DialogForm
      draft={DRAFT}
      initial={{ standard: 13, reduced: 9, service: 6 }}
      submit={t.setRates}
      send={({ from, standard, reduced, service }: Typed, idempotencyKey) =>
        hongmi.setTaxRates(
          {
            ...{ programme: code, from, actor },
            standardBasisPoints: Math.round(standard * BASIS_POINTS),
            reducedBasisPoints: Math.round(reduced * BASIS_POINTS),
            serviceBasisPoints: Math.round(service * BASIS_POINTS),
          },
          { idempotencyKey },
        )
      }
      touches={[['tax-rates']]}
      onClose={onClose}
    >
      <p className="hm-soft">{t.ratesAbout}</p>
      <AntForm.Item name="from" label={t.from} rules={needed}>
        <Input type="date" />
      </AntForm.Item>
      {percent('standard', t.standard)}
      {percent('reduced', t.reduced)}
      {percent('service', t.service)}
    </DialogForm>
  );
}
