import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Select } from 'antd';
import { useLocation } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useProgramme } from '../../../app/programme.tsx';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { Code } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { fenOf, MoneyField } from '../money-field.tsx';
import { useStatement } from '../periods/read.ts';
import { words } from './words.ts';

interface Typed {
  /** `of|counterparty|pointType` of one of the statement's sums. */
  readonly pair?: string;
  readonly yuan: number;
  readonly reason: string;
}

/** A merchant's word that a line, or a pair of a period, is wrong. */
export function RaiseDispute({
  periodId,
  merchantId,
  line,
  onClose,
}: {
  readonly periodId: string;
  readonly merchantId: string;
  /** The line it is about; without one, a pair is chosen. */
  readonly line?: string;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const { name: actor } = useMe();
  const [, navigate] = useLocation();
  const [form] = AntForm.useForm<Typed>();
  const draft = `dispute-${periodId}-${line ?? 'pair'}`;
  const write = useWrite(
    ({ pair, yuan, reason }: Typed, idempotencyKey) =>
      hongmi.raiseDispute(
        {
          ...{ periodId, merchantId, fen: fenOf(yuan), reason, actor },
          ...(line === undefined ? { pair: pairOf(merchantId, pair ?? '') } : { line }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['disputes']],
      done: ({ id }) => {
        dropDraft(draft);
        onClose();
        navigate(`/disputes/${id}`);
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
      submit={t.send}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.raiseAbout}</p>
      {line === undefined ? (
        <AntForm.Item name="pair" label={t.which} rules={needed}>
          <PairSelect periodId={periodId} merchantId={merchantId} />
        </AntForm.Item>
      ) : (
        <p>
          {t.line} <Code>{line}</Code>
        </p>
      )}
      <MoneyField name="yuan" label={t.amount} extra={t.amountHint} />
      <AntForm.Item name="reason" label={t.reason} extra={t.reasonHint} rules={needed}>
        <Input.TextArea rows={4} maxLength={1000} showCount />
      </AntForm.Item>
    </Form>
  );
}

function pairOf(merchantId: string, text: string) {
  const [of, counterparty = '', pointType = ''] = text.split('|');
  return of === 'owed'
    ? { payer: merchantId, taker: counterparty, pointType }
    : { payer: counterparty, taker: merchantId, pointType };
}

/** The pairs of a statement. `value` and `onChange` come from the form. */
function PairSelect({
  periodId,
  merchantId,
  ...field
}: {
  readonly periodId: string;
  readonly merchantId: string;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}) {
  const t = useWords(words);
  const types = useProgramme()?.pointTypes ?? [];
  const { data } = useStatement(periodId, merchantId);
  const own = data?.merchantName ?? '';
  const typeName = (code: string): string => types.find((each) => each.code === code)?.name ?? code;
  const options = (data?.sums ?? [])
    .filter(({ of, counterparty }) => of !== 'fee' && counterparty !== merchantId)
    .map(({ of, counterparty, counterpartyName, pointType }) => ({
      value: `${of}|${counterparty}|${pointType}`,
      label: `${of === 'owed' ? t.pairOf(own, counterpartyName) : t.pairOf(counterpartyName, own)} · ${typeName(pointType)}`,
    }));
  return <Select {...field} options={options} loading={data === undefined} />;
}
