import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Alert, Form as AntForm, Input, Radio } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { dropDraft } from '../../../design/draft.ts';
import { Form } from '../../../design/form.tsx';
import { useMe } from '../me.ts';
import { fenOf, MoneyField, yuanOf } from '../money-field.tsx';
import { type Evidence, EvidenceFile } from './evidence-file.tsx';
import { words } from './words.ts';

export type Dispute = components['schemas']['DisputeWithSteps'];
export type DisputeAct = 'decide' | 'evidence' | 'withdraw';

interface Typed {
  readonly text: string;
  readonly outcome: 'upheld' | 'rejected';
  readonly yuan: number;
  readonly paidBy: 'other' | 'platform';
  readonly file?: Evidence;
}

/** The next step of a dispute: evidence, its end by who raised it, or the platform's decision. */
export function StepDispute({
  dispute: { id, fen },
  act,
  onClose,
}: {
  readonly dispute: Dispute;
  readonly act: DisputeAct;
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const { name: actor } = useMe();
  const draft = `dispute-${act}-${id}`;
  const [form] = AntForm.useForm<Typed>();
  const outcome = AntForm.useWatch('outcome', form);
  const write = useWrite(
    async ({ text, outcome: decided, yuan, paidBy, file }: Typed, idempotencyKey) => {
      const options = { idempotencyKey };
      const asked = { id, text, actor };
      switch (act) {
        case 'evidence':
          return void (await hongmi.addDisputeEvidence({ ...asked, ...file }, options));
        case 'withdraw':
          return void (await hongmi.withdrawDispute(asked, options));
        case 'decide':
          return void (await hongmi.decideDispute(
            {
              ...asked,
              outcome: decided,
              ...(decided === 'upheld' && { fen: fenOf(yuan), paidBy }),
            },
            options,
          ));
      }
    },
    {
      touches: [['disputes'], ['clearing-adjustments']],
      done: () => {
        dropDraft(draft);
        onClose();
      },
    },
  );
  const needed = [{ required: true, whitespace: true, message: t.needed }];
  const labels = { decide: t.text, evidence: t.evidenceText, withdraw: t.withdrawWhy };
  return (
    <Form
      draft={draft}
      form={form}
      initial={{ outcome: 'upheld', yuan: yuanOf(fen), paidBy: 'other' }}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={t[act]}
      onCancel={onClose}
    >
      {act === 'decide' ? (
        <>
          <Alert
            type="info"
            showIcon
            title={t.decideRule}
            description={t.sure}
            style={{ marginBottom: 16 }}
          />
          <AntForm.Item name="outcome" label={t.outcome} rules={needed}>
            <Radio.Group
              options={[
                { value: 'upheld', label: t.upheld },
                { value: 'rejected', label: t.rejected },
              ]}
            />
          </AntForm.Item>
          {outcome === 'rejected' ? null : (
            <>
              <MoneyField name="yuan" label={t.upheldAmount} />
              <AntForm.Item name="paidBy" label={t.paidBy} rules={needed}>
                <Radio.Group
                  options={[
                    { value: 'other', label: t.paidOther },
                    { value: 'platform', label: t.paidPlatform },
                  ]}
                />
              </AntForm.Item>
            </>
          )}
        </>
      ) : null}
      <AntForm.Item name="text" label={labels[act]} rules={needed}>
        <Input.TextArea rows={4} maxLength={act === 'evidence' ? 2000 : 1000} showCount />
      </AntForm.Item>
      {act === 'evidence' ? (
        <AntForm.Item name="file" label={t.file} extra={t.fileHint}>
          <EvidenceFile />
        </AntForm.Item>
      ) : null}
    </Form>
  );
}
