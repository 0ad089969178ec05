import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, InputNumber, Select, Switch } from 'antd';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { startOfDay } from '../../app/zone.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { SETTINGS, type Setting } from './setting-shown.ts';
import { words } from './words.ts';

type Values = Pick<Programme, Setting> & { readonly day?: string };

const POLICIES = ['pending_only', 'within_balance', 'debt'] as const;
const POINTS_MAX = 1_000_000_000;

/** Changes settings of a programme: those alone that are different, from now or from a day on. */
export function SettingsForm({
  programme,
  close,
}: {
  readonly programme: Programme;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const message = useMessage();
  const draft = `programme-${programme.code}`;
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ day, ...wanted }: Values, idempotencyKey) => {
      const changed = SETTINGS.filter((name) => wanted[name] !== programme[name]);
      return hongmi.changeProgramme(
        {
          code: programme.code,
          ...Object.fromEntries(changed.map((name) => [name, wanted[name]])),
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
  const initial = Object.fromEntries(SETTINGS.map((name) => [name, programme[name]]));
  const field = (name: Setting) => ({
    name,
    label: t.names[name],
    extra: t.whys[name],
    rules: [{ required: true, message: t.needed }],
  });
  const days = <InputNumber min={0} max={365} precision={0} />;
  const points = <InputNumber min={0} max={POINTS_MAX} precision={0} />;
  return (
    <Form
      draft={draft}
      form={form}
      initial={initial as Partial<Values>}
      onSubmit={write.send}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={close}
    >
      <div className="hm-columns">
        <AntForm.Item {...field('returnPolicy')}>
          <Select options={POLICIES.map((value) => ({ value, label: t.policies[value] }))} />
        </AntForm.Item>
        <AntForm.Item {...field('refundGraceDays')}>{days}</AntForm.Item>
        <AntForm.Item {...field('adjustLimit')}>{points}</AntForm.Item>
        <AntForm.Item {...field('giftMax')}>{points}</AntForm.Item>
        <AntForm.Item {...field('giftDayMax')}>{points}</AntForm.Item>
        <AntForm.Item {...field('offlineDayMax')}>{points}</AntForm.Item>
        <AntForm.Item {...field('ruleNoticeDays')}>{days}</AntForm.Item>
        <AntForm.Item {...field('merchantsRegisterMembers')} valuePropName="checked">
          <Switch />
        </AntForm.Item>
        <AntForm.Item {...field('membersJoinThemselves')} valuePropName="checked">
          <Switch />
        </AntForm.Item>
        <AntForm.Item name="day" label={t.from} extra={t.fromWhy}>
          <Input type="date" />
        </AntForm.Item>
      </div>
    </Form>
  );
}
