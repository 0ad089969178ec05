import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, DatePicker, Input, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { useOwnName } from '../../app/session.ts';
import { dayAt, endOfDay, lastDayBefore, startOfDay } from '../../app/zone.ts';
import { oneDay } from '../../design/days.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useAsk } from '../../design/notices.tsx';
import type { Dossier } from './states.tsx';
import { words } from './words.ts';

interface Values {
  readonly status: Dossier['status'];
  readonly lastDay: string;
  readonly checkedOn: string;
  readonly reference: string;
  readonly reason: string;
}

const STATUSES: readonly Dossier['status'][] = ['valid', 'suspended', 'revoked'];

/** Says anew what a document is. Only what was changed is sent. */
export function ChangeForm({
  dossier,
  close,
}: {
  readonly dossier: Dossier;
  readonly close: (isSaved: boolean) => void;
}) {
  const t = useWords(words);
  const ask = useAsk();
  const name = useOwnName();
  const zone =
    useProgrammes().find(({ code }) => code === dossier.programme)?.timeZone ?? 'Asia/Shanghai';
  const [form] = AntForm.useForm<Values>();
  const draft = `dossier-${dossier.id}`;
  const before: Omit<Values, 'reason'> = {
    status: dossier.status,
    lastDay: lastDayBefore(dossier.validUntil, zone),
    checkedOn: dayAt(dossier.checkedAt, zone),
    reference: dossier.reference,
  };
  const write = useWrite(
    ({ status, lastDay, checkedOn, reference, reason }: Values, idempotencyKey) =>
      hongmi.changeDossier(
        {
          id: dossier.id,
          ...(status !== before.status && { status }),
          ...(lastDay !== before.lastDay && { validUntil: endOfDay(lastDay, zone) }),
          ...(checkedOn !== before.checkedOn && { checkedAt: startOfDay(checkedOn, zone) }),
          ...(reference !== before.reference && { reference }),
          reason,
          actor: name,
        },
        { idempotencyKey },
      ),
    {
      touches: [['dossiers']],
      done() {
        dropDraft(draft);
        close(true);
      },
    },
  );
  async function submit(values: Values): Promise<void> {
    const isRevoked = values.status === 'revoked';
    const question = { title: t.askRevoke, about: t.askRevokeWhy, yes: t.revoke, danger: true };
    if (!isRevoked || (await ask(question))) await write.send(values);
  }
  const needed = { required: true, whitespace: true, message: t.needed };
  return (
    <Form
      draft={draft}
      form={form}
      initial={before}
      onSubmit={(values) => void submit(values)}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={() => {
        dropDraft(draft);
        close(false);
      }}
    >
      <div className="hm-columns">
        <AntForm.Item name="status" label={t.status} rules={[{ required: true }]}>
          <Select options={STATUSES.map((value) => ({ value, label: t.statuses[value] }))} />
        </AntForm.Item>
        <AntForm.Item
          {...oneDay}
          name="lastDay"
          label={t.until}
          extra={t.untilWhy}
          rules={[{ required: true, message: t.needed }]}
        >
          <DatePicker style={{ width: '100%' }} />
        </AntForm.Item>
        <AntForm.Item
          {...oneDay}
          name="checkedOn"
          label={t.checkedAt}
          extra={t.checkedWhy}
          rules={[{ required: true, message: t.needed }]}
        >
          <DatePicker style={{ width: '100%' }} />
        </AntForm.Item>
        <AntForm.Item name="reference" label={t.reference} extra={t.referenceWhy} rules={[needed]}>
          <Input maxLength={500} autoComplete="off" />
        </AntForm.Item>
      </div>
      <AntForm.Item name="reason" label={t.reason} rules={[needed]}>
        <Input.TextArea maxLength={500} showCount rows={2} />
      </AntForm.Item>
    </Form>
  );
}
