import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { instantOf, wallAt } from '@hongmi/ui/wall-time.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { type Programme, useProgramme } from '../../../app/programme.tsx';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { useAsk } from '../../../design/notices.tsx';
import { Facts } from '../../../design/page.tsx';
import { When } from '../../../design/values.tsx';
import type { Period } from './period-state.tsx';
import { words } from './words.ts';

const DRAFT = 'clearing-close';

/** Until when to close: rehearsed first, then asked about, as it cannot be taken back. `onSure` is told the instant. */
export function ClosePeriod({
  last,
  onSure,
  onCancel,
}: {
  readonly last: Period | undefined;
  readonly onSure: (until: string) => void;
  readonly onCancel: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const programme = useProgramme();
  const [form] = AntForm.useForm<{ until: string }>();
  const rehearsal = useWrite((until: string, idempotencyKey) =>
    hongmi.closeClearingPeriod(
      { programme: programme?.code, until, dryRun: true },
      { idempotencyKey },
    ),
  );
  if (programme === undefined) return null;
  const { timeZone } = programme;

  async function submit(wall: string): Promise<void> {
    const until = instantOf(wall, timeZone);
    if (until === undefined) return;
    const found = await rehearsal.send(until);
    if (found === undefined) return;
    const about = (
      <>
        <Facts
          rows={[
            [t.from, <When key="from" at={found.from} />],
            [t.until, <When key="until" at={found.until} />],
          ]}
        />
        <p>{t.askAbout}</p>
      </>
    );
    const title = t.askTitle(t.number(f.number(found.number)));
    if (!(await ask({ title, about, yes: t.sure, danger: true }))) return;
    dropDraft(DRAFT);
    onSure(until);
  }

  return (
    <Form
      draft={DRAFT}
      form={form}
      initial={{ until: suggestion(programme, last) }}
      onSubmit={({ until }) => void submit(until)}
      isSending={rehearsal.isSending}
      failure={rehearsal.failure}
      submit={t.rehearse}
      onCancel={onCancel}
    >
      <AntForm.Item
        name="until"
        label={t.untilField}
        extra={`${t.untilHint} ${timeZone}`}
        rules={[{ required: true, message: t.untilNeeded }]}
      >
        <Input type="datetime-local" />
      </AntForm.Item>
    </Form>
  );
}

/** The beginning of this month by the programme's clock, if there is anything to close until then; else now. */
function suggestion({ now, timeZone }: Programme, last: Period | undefined): string {
  const wall = wallAt(now, timeZone);
  const month = `${wall.slice(0, 8)}01T00:00`;
  const isNews = last === undefined || month > wallAt(last.until, timeZone);
  return isNews ? month : wall;
}
