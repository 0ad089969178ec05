import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, InputNumber, Switch } from 'antd';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { startOfDay } from '../../app/zone.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { ExpiryFields } from './expiry-fields.tsx';
import { useExpiryShown } from './expiry-shown.ts';
import { type ExpiryValues, fieldsOf, policyOf } from './expiry-values.ts';
import { words } from './words.ts';

type PointType = Programme['pointTypes'][number];

interface Values extends ExpiryValues {
  readonly code: string;
  readonly name: string;
  readonly scale: number;
  readonly transferable: boolean;
  readonly day?: string;
}

const CODE = /^[a-z][a-z0-9-]{0,39}$/;

/** Adds a point type, or changes what may be changed of one. */
export function PointTypeForm({
  programme,
  pointType,
  close,
}: {
  readonly programme: Programme;
  readonly pointType: PointType | undefined;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const message = useMessage();
  const expiry = useExpiryShown();
  const draft = `point-type-${programme.code}-${pointType?.code ?? ''}`;
  const fields = pointType === undefined ? undefined : fieldsOf(pointType.expiryPolicy);
  // A policy of several units at once is left as it is.
  const hasExpiry = pointType === undefined || fields !== undefined;
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    async (values: Values, idempotencyKey): Promise<void> => {
      const { code, name, scale, transferable, day } = values;
      const what = { name, transferable, ...(hasExpiry && { expiryPolicy: policyOf(values) }) };
      if (pointType === undefined)
        await hongmi.addPointType(
          { programme: programme.code, code, scale, ...what },
          { idempotencyKey },
        );
      else
        await hongmi.changePointType(
          {
            ...{ code: programme.code, pointType: pointType.code },
            ...what,
            ...(day && { from: startOfDay(day, programme.timeZone) }),
          },
          { idempotencyKey },
        );
    },
    {
      touches: [['programmes'], ['settings']],
      done() {
        dropDraft(draft);
        void message.success(t.saved);
        close();
      },
    },
  );
  const initial: Partial<Values> =
    pointType === undefined
      ? { scale: 0, transferable: true, expiryKind: 'none' }
      : { ...pointType, ...fields };
  return (
    <Form
      draft={draft}
      form={form}
      initial={initial}
      onSubmit={write.send}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={close}
    >
      <AntForm.Item
        name="name"
        label={t.name}
        rules={[{ required: true, whitespace: true, message: t.needed }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </AntForm.Item>
      {pointType === undefined ? (
        <>
          <AntForm.Item
            name="code"
            label={t.code}
            extra={t.codeWhy}
            rules={[
              { required: true, message: t.needed },
              { pattern: CODE, message: t.codeWrong },
            ]}
          >
            <Input maxLength={40} autoComplete="off" />
          </AntForm.Item>
          <AntForm.Item name="scale" label={t.scale} extra={t.scaleWhy}>
            <InputNumber min={0} max={6} precision={0} />
          </AntForm.Item>
        </>
      ) : null}
      <AntForm.Item name="transferable" label={t.transferable} valuePropName="checked">
        <Switch />
      </AntForm.Item>
      {hasExpiry ? (
        <ExpiryFields />
      ) : (
        <p className="hm-soft">
          {t.expiry}: {pointType === undefined ? '' : expiry(pointType.expiryPolicy)}
        </p>
      )}
      {pointType === undefined ? null : (
        <AntForm.Item name="day" label={t.from} extra={t.fromWhy}>
          <Input type="date" />
        </AntForm.Item>
      )}
    </Form>
  );
}
