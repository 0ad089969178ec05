import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Checkbox, Input, Radio } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useMay, useOwnName, useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import {
  type Action,
  actionsOf,
  type Case,
  REFUSALS,
  REMEDIES,
  type Refusal,
  type Remedy,
} from './case-rules.ts';
import { words } from './words.ts';

interface Values {
  readonly action: Action;
  readonly remedy?: Remedy;
  readonly goodsBack?: 'auto' | 'yes' | 'no';
  readonly onShelf?: boolean;
  readonly reason?: Refusal;
  readonly note?: string;
}

const NOTE_MAX = 500;
const IS_REFUSAL = new Set<Action>(['refuse', 'forMerchant']);
const HAS_REMEDY = new Set<Action>(['accept', 'forMember']);
const HAS_SHELF = new Set<Action>(['accept', 'forMember', 'receive']);

/** What the person can say about a case now; what they said of another state of it is not offered again. */
export function CaseActions({ of }: { readonly of: Case }) {
  const t = useWords(words);
  const may = useMay();
  const ask = useAsk();
  const message = useMessage();
  const { merchantId } = useSession();
  const name = useOwnName();
  const [form] = AntForm.useForm<Values>();
  const isPlatforms = merchantId === null;
  const actions = actionsOf(of, {
    answers: may('after-sales:answer'),
    decides: may('after-sales:decide') && isPlatforms,
    speaksForMember: may('after-sales:write') && isPlatforms,
  });
  const remedies = REMEDIES[of.kind];
  const draft = `after-sales-${of.id}-${of.state}`;
  const write = useWrite(
    (values: Values, idempotencyKey) => say(of.id, values, name, idempotencyKey),
    {
      touches: [['after-sales'], ['after-sales-case', of.id], ['attention']],
      done() {
        dropDraft(draft);
        void message.success(t.done);
      },
    },
  );
  const action = AntForm.useWatch('action', form) ?? actions[0];

  async function submit(values: Values): Promise<void> {
    const sure: Partial<Record<Action, string>> = t.sure;
    const title = sure[values.action];
    if (title !== undefined && !(await ask({ title, about: t.sureAbout, danger: true }))) return;
    await write.send(values);
  }

  if (actions.length === 0 || action === undefined)
    return (
      <Card title={t.handle}>
        <p className="hm-soft">{t.nothingToDo}</p>
      </Card>
    );
  const required = [{ required: true }];
  return (
    <Card title={t.handle}>
      <Form<Values>
        draft={draft}
        form={form}
        initial={{
          ...{ action: actions[0] as Action, goodsBack: 'auto', onShelf: false },
          ...(remedies[0] === undefined ? {} : { remedy: remedies[0] }),
        }}
        submit={t.submit}
        isSending={write.isSending}
        failure={write.failure}
        onSubmit={(values) => void submit(values)}
      >
        <AntForm.Item name="action" label={t.handleAs} rules={required}>
          <Radio.Group
            options={actions.map((value) => ({ value, label: t.actions[value] }))}
            aria-label={t.handleAs}
          />
        </AntForm.Item>
        {HAS_REMEDY.has(action) ? (
          <AntForm.Item name="remedy" label={t.columns.remedy} rules={required}>
            <Radio.Group
              options={remedies.map((value) => ({ value, label: t.remedies[value] }))}
              aria-label={t.columns.remedy}
            />
          </AntForm.Item>
        ) : null}
        {action === 'accept' ? (
          <AntForm.Item name="goodsBack" label={t.goodsBack}>
            <Radio.Group
              aria-label={t.goodsBack}
              options={[
                { value: 'auto', label: t.goodsBackAuto },
                { value: 'yes', label: t.goodsBackYes },
                { value: 'no', label: t.goodsBackNo },
              ]}
            />
          </AntForm.Item>
        ) : null}
        {HAS_SHELF.has(action) ? (
          <AntForm.Item name="onShelf" valuePropName="checked">
            <Checkbox>{t.onShelf}</Checkbox>
          </AntForm.Item>
        ) : null}
        {IS_REFUSAL.has(action) ? (
          <AntForm.Item
            name="reason"
            label={t.refusalReason}
            rules={required}
            extra={t.refusalHint}
          >
            <Radio.Group
              aria-label={t.refusalReason}
              options={REFUSALS.map((value) => ({ value, label: t.refusals[value] }))}
            />
          </AntForm.Item>
        ) : null}
        <AntForm.Item name="note" label={t.note}>
          <Input.TextArea rows={3} maxLength={NOTE_MAX} showCount />
        </AntForm.Item>
      </Form>
    </Card>
  );
}

/** Tells the API what was said, by the route of whoever says it. */
function say(
  id: string,
  { action, remedy = 'refund', goodsBack = 'auto', onShelf = false, reason, note }: Values,
  actor: string,
  idempotencyKey: string,
): Promise<Case> {
  const options = { idempotencyKey };
  const said = { actor, ...(note !== undefined && note.trim() !== '' && { note: note.trim() }) };
  const why = reason ?? 'no_fault_found';
  switch (action) {
    case 'accept': {
      const back = goodsBack === 'auto' ? {} : { goodsBack: goodsBack === 'yes' };
      return hongmi.answerAfterSalesCase(
        { id, answer: 'accept', remedy, onShelf, ...back, ...said },
        options,
      );
    }
    case 'receive':
      return hongmi.answerAfterSalesCase({ id, answer: 'receive', onShelf, ...said }, options);
    case 'settle':
      return hongmi.answerAfterSalesCase({ id, answer: 'settle', ...said }, options);
    case 'refuse':
      return hongmi.answerAfterSalesCase({ id, answer: 'refuse', reason: why, ...said }, options);
    case 'forMember':
      return hongmi.decideAfterSalesCase({ id, for: 'member', remedy, onShelf, ...said }, options);
    case 'forMerchant':
      return hongmi.decideAfterSalesCase({ id, for: 'merchant', reason: why, ...said }, options);
    default:
      return hongmi.stepAfterSalesCase({ id, step: action, ...said }, options);
  }
}
