import type { Input as Told } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { instantOf } from '@hongmi/ui/wall-time.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, InputNumber, Select, Switch } from 'antd';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useAsk } from '../../design/notices.tsx';
import { Facts } from '../../design/page.tsx';
import { words } from './words.ts';

interface Typed {
  readonly pointType: string;
  readonly from?: string;
  readonly isOverride?: boolean;
  readonly percent?: number;
  readonly reason?: string;
}
type Asked = Told<'estimateBreakage'>;
const DRAFT = 'estimate';
const PPM = 1_000_000;

/** What history says is shown before it is used. */
export function NewEstimate({
  programme: { code, timeZone, pointTypes },
  onClose,
}: {
  readonly programme: Programme;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const { staff, actorId } = useSession();
  const [form] = AntForm.useForm<Typed>();
  const isOverride = AntForm.useWatch('isOverride', form) ?? false;
  const rehearsal = useWrite((asked: Asked, idempotencyKey) =>
    hongmi.estimateBreakage({ ...asked, dryRun: true }, { idempotencyKey }),
  );
  const make = useWrite(
    (asked: Asked, idempotencyKey) =>
      hongmi.estimateBreakage({ ...asked, dryRun: false }, { idempotencyKey }),
    {
      touches: [['estimates', code]],
      done: () => {
        dropDraft(DRAFT);
        onClose();
      },
    },
  );

  async function submit({ pointType, from, percent, reason }: Typed): Promise<void> {
    const asked: Asked = {
      ...{ programme: code, pointType, actor: staff?.name ?? actorId },
      from: from ? instantOf(from, timeZone) : undefined,
      ...(isOverride &&
        percent !== undefined &&
        reason !== undefined && {
          override: { breakagePpm: Math.round((percent / 100) * PPM), reason },
        }),
    };
    make.clear();
    const found = await rehearsal.send(asked);
    if (found === undefined) return;
    const { history } = found;
    const share = (ppm: number | null): string => (ppm === null ? '–' : f.percent(ppm / PPM, 2));
    const about = (
      <Facts
        rows={[
          [t.breakage, share(found.breakagePpm)],
          [t.history, share(history.breakagePpm)],
          [
            t.error,
            history.standardErrorPpm === null ? '–' : `± ${share(history.standardErrorPpm)}`,
          ],
          [
            t.vintage,
            history.sufficient ? t.sufficient(f.number(history.cohorts)) : t.insufficient,
          ],
          [t.from2, f.instant(found.from, timeZone)],
        ]}
      />
    );
    if (await ask({ title: t.askEstimate, about })) await make.send(asked);
  }

  const needed = [{ required: true, message: t.needed }];
  return (
    <Form
      draft={DRAFT}
      form={form}
      onSubmit={(typed) => void submit(typed)}
      isSending={rehearsal.isSending || make.isSending}
      failure={rehearsal.failure ?? make.failure}
      submit={t.rehearse}
      onCancel={onClose}
    >
      <p className="hm-soft">{t.estimateAbout}</p>
      <AntForm.Item name="pointType" label={t.type} rules={needed}>
        <Select options={pointTypes.map(({ code: value, name: label }) => ({ value, label }))} />
      </AntForm.Item>
      <AntForm.Item name="from" label={t.counts} extra={`${t.countsHint} · ${timeZone}`}>
        <Input type="datetime-local" />
      </AntForm.Item>
      <AntForm.Item name="isOverride" label={t.overrideOn} valuePropName="checked">
        <Switch />
      </AntForm.Item>
      {isOverride ? (
        <>
          <AntForm.Item name="percent" label={t.overrideField} rules={needed}>
            <InputNumber<number> min={0} max={100} precision={4} suffix="%" />
          </AntForm.Item>
          <AntForm.Item name="reason" label={t.reason} rules={needed}>
            <Input.TextArea rows={3} maxLength={500} />
          </AntForm.Item>
        </>
      ) : null}
    </Form>
  );
}
