import type { Input as Told } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { instantOf } from '@hongmi/ui/wall-time.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Alert, Form as AntForm, Input, InputNumber, Radio } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { useProgramme } from '../../../app/programme.tsx';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { MerchantSelect } from '../../../design/merchant-select.tsx';
import { useAsk } from '../../../design/notices.tsx';
import { useMe } from '../me.ts';
import { fenOf, MoneyField } from '../money-field.tsx';
import { usePointScale } from '../point-type.tsx';
import { PointTermsFields, type PointTermsTyped } from './point-terms-fields.tsx';
import { words } from './words.ts';

interface Typed {
  readonly whom: 'standard' | 'own';
  readonly merchantId?: string;
  readonly points: readonly PointTermsTyped[];
  readonly settlement: 'prefund' | 'postpaid';
  readonly creditYuan?: number | null;
  readonly cycle: 'week' | 'month' | 'quarter';
  readonly paymentTermDays: number;
  readonly from?: string;
  readonly note?: string;
  readonly loss?: string;
}
type Asked = Told<'publishTerms'>;

const DRAFT = 'terms';
/** Units within one that is typed: micro-fen in a fen, basis points in a percent. */
const MICRO = 1_000_000;
const BASIS_POINTS = 100;

/** New terms: rehearsed, so that losses and gaps are known, and then published. */
export function PublishTerms({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const programme = useProgramme();
  const scaleOf = usePointScale();
  const { name: actor } = useMe();
  const [form] = AntForm.useForm<Typed>();
  const whom = AntForm.useWatch('whom', form);
  const settlement = AntForm.useWatch('settlement', form);
  const rehearsal = useWrite((asked: Asked, idempotencyKey) =>
    hongmi.publishTerms({ ...asked, dryRun: true }, { idempotencyKey }),
  );
  const publish = useWrite(
    (asked: Asked, idempotencyKey) =>
      hongmi.publishTerms({ ...asked, dryRun: false }, { idempotencyKey }),
    {
      touches: [['terms'], ['prices'], ['guard']],
      done: () => {
        dropDraft(DRAFT);
        onClose();
      },
    },
  );
  if (programme === undefined) return null;
  const { code, timeZone } = programme;

  function askedOf(typed: Typed): Asked {
    const from = typed.from ? instantOf(typed.from, timeZone) : undefined;
    return {
      ...{ programme: code, actor },
      ...{ settlement: typed.settlement, cycle: typed.cycle },
      paymentTermDays: typed.paymentTermDays,
      ...(typed.whom === 'own' && { merchantId: typed.merchantId }),
      points: typed.points.map(({ pointType, issueFen, reimbursementFen, feePercent, limit }) => ({
        pointType,
        issuePriceMicroFen: Math.round(issueFen * MICRO),
        reimbursementMicroFen: Math.round(reimbursementFen * MICRO),
        feeBasisPoints: Math.round(feePercent * BASIS_POINTS),
        ...(typeof limit === 'number' && {
          acceptedPointsMax: Math.round(limit * 10 ** scaleOf(pointType)),
        }),
      })),
      ...(typed.settlement === 'postpaid' &&
        typeof typed.creditYuan === 'number' && { creditLimitFen: fenOf(typed.creditYuan) }),
      ...(from !== undefined && { from }),
      ...(typed.note && { note: typed.note }),
      ...(typed.loss && { acceptNegativeMargin: { reason: typed.loss } }),
    };
  }

  async function submit(typed: Typed): Promise<void> {
    const asked = askedOf(typed);
    publish.clear();
    const found = await rehearsal.send(asked);
    if (found === undefined) return;
    const about =
      found.warnings.length === 0 ? undefined : (
        <Alert
          type="warning"
          title={t.warnings}
          description={found.warnings.map(({ code: what, pointType, marginMicroFen, ...pair }) => (
            <div key={`${what} ${pointType} ${pair.payer} ${pair.taker} ${pair.toPointType}`}>
              {t[what]} · {pointType} · {t.perPointOf(f.moneyExact(marginMicroFen))}
            </div>
          ))}
        />
      );
    if (await ask({ title: t.askPublish, about, yes: t.publish })) await publish.send(asked);
  }

  const needed = [{ required: true, message: t.needed }];
  return (
    <Form
      draft={DRAFT}
      form={form}
      initial={{
        whom: 'standard',
        points: [{}] as unknown as PointTermsTyped[],
        settlement: 'postpaid',
        cycle: 'month',
        paymentTermDays: 10,
      }}
      onSubmit={(typed) => void submit(typed)}
      isSending={rehearsal.isSending || publish.isSending}
      failure={rehearsal.failure ?? publish.failure}
      submit={t.rehearse}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.publishAbout}</p>
      <AntForm.Item name="whom" label={t.whom} rules={needed}>
        <Radio.Group
          options={[
            { value: 'standard', label: t.whomStandard },
            { value: 'own', label: t.whomOwn },
          ]}
        />
      </AntForm.Item>
      {whom === 'own' ? (
        <AntForm.Item name="merchantId" label={t.only} rules={needed}>
          <MerchantSelect />
        </AntForm.Item>
      ) : null}
      <PointTermsFields isOwn={whom === 'own'} />
      <AntForm.Item name="settlement" label={t.settlement} rules={needed}>
        <Radio.Group
          options={[
            { value: 'postpaid', label: t.postpaid },
            { value: 'prefund', label: t.prefund },
          ]}
        />
      </AntForm.Item>
      {settlement === 'postpaid' ? (
        <MoneyField
          name="creditYuan"
          label={t.credit}
          extra={t.creditHint}
          leastFen={0}
          isOptional
        />
      ) : null}
      <AntForm.Item name="cycle" label={t.cycle} rules={needed}>
        <Radio.Group
          options={(['week', 'month', 'quarter'] as const).map((value) => ({
            value,
            label: t.cycles[value],
          }))}
        />
      </AntForm.Item>
      <AntForm.Item name="paymentTermDays" label={t.daysField} rules={needed}>
        <InputNumber<number> min={0} max={365} precision={0} />
      </AntForm.Item>
      <AntForm.Item name="from" label={t.starts} extra={`${t.startsHint} · ${timeZone}`}>
        <Input type="datetime-local" />
      </AntForm.Item>
      <AntForm.Item name="note" label={t.note}>
        <Input maxLength={500} />
      </AntForm.Item>
      <AntForm.Item name="loss" label={t.acceptLoss} extra={t.acceptLossHint}>
        <Input maxLength={500} />
      </AntForm.Item>
    </Form>
  );
}
