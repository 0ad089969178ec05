import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Form as AntForm, Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Facts } from '../../design/page.tsx';
import { type PolicyValues, policyOf, readDays, valuesOf } from './message-values.ts';
import { words } from './words.ts';

type Policy = components['schemas']['MessagePolicy'];

/** When members are told of what expires, when they are left in peace, and how often they are written to. */
export function MessagesCard({ programme: { code } }: { readonly programme: Programme }) {
  const t = useWords(words);
  const may = useMay();
  const [isChanging, setChanging] = useState(false);
  const query = useQuery({
    queryKey: ['settings', 'messages', code],
    queryFn: ({ signal }) => hongmi.getMessagePolicy({ code }, { signal }),
  });
  return (
    <Card
      title={t.messages}
      actions={
        may('messages:write') && !isChanging && query.data !== undefined ? (
          <Button onClick={() => setChanging(true)}>{t.change}</Button>
        ) : null
      }
    >
      <Loaded query={query}>
        {(policy) =>
          isChanging ? (
            <PolicyForm code={code} policy={policy} close={() => setChanging(false)} />
          ) : (
            <Known policy={policy} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Known({ policy: { expiryNoticeDays, quietHours, caps } }: { readonly policy: Policy }) {
  const t = useWords(words);
  const f = useFormat();
  const capOf = (kind: 'receipt' | 'offer'): string => {
    const cap = caps.find((each) => each.kind === kind);
    return cap === undefined ? t.noCap : t.capShown(f.number(cap.max), f.number(cap.days));
  };
  return (
    <Facts
      rows={[
        [t.noticeDays, t.noticeDaysShown(expiryNoticeDays.join(' / '))],
        [t.quiet, quietHours === undefined ? t.quietNone : `${quietHours.from} – ${quietHours.to}`],
        [t.capOf.receipt, capOf('receipt')],
        [t.capOf.offer, capOf('offer')],
      ]}
    />
  );
}

function PolicyForm({
  code,
  policy,
  close,
}: {
  readonly code: string;
  readonly policy: Policy;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const message = useMessage();
  const draft = `messages-${code}`;
  const [form] = AntForm.useForm<PolicyValues>();
  const write = useWrite(
    (values: PolicyValues, idempotencyKey) =>
      hongmi.changeMessagePolicy({ code, ...policyOf(values) }, { idempotencyKey }),
    {
      touches: [['settings', 'messages', code]],
      done() {
        dropDraft(draft);
        void message.success(t.saved);
        close();
      },
    },
  );
  const both = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: () => {
      const [from, to] = [getFieldValue('quietFrom') || '', getFieldValue('quietTo') || ''];
      const isRight = from === '' ? to === '' : to !== '' && from !== to;
      return isRight ? Promise.resolve() : Promise.reject(new Error(t.quietBoth));
    },
  });
  return (
    <Form
      draft={draft}
      form={form}
      initial={valuesOf(policy)}
      onSubmit={write.send}
      isSending={write.isSending}
      failure={write.failure}
      onCancel={close}
    >
      <AntForm.Item
        name="days"
        label={t.noticeDays}
        extra={t.noticeDaysWhy}
        rules={[
          {
            validator: (_, text?: string) =>
              readDays(text ?? '') === undefined
                ? Promise.reject(new Error(t.noticeDaysWrong))
                : Promise.resolve(),
          },
        ]}
      >
        <Input maxLength={100} autoComplete="off" />
      </AntForm.Item>
      <div className="hm-filters">
        <AntForm.Item
          name="quietFrom"
          label={t.quietFrom}
          dependencies={['quietTo']}
          rules={[both]}
        >
          <Input type="time" />
        </AntForm.Item>
        <AntForm.Item name="quietTo" label={t.quietTo} dependencies={['quietFrom']} rules={[both]}>
          <Input type="time" />
        </AntForm.Item>
      </div>
      {(['receipt', 'offer'] as const).map((kind) => (
        <fieldset key={kind} className="hm-fieldset">
          <legend>
            {t.caps} · {t.capOf[kind]} ({t.noCap})
          </legend>
          <div className="hm-filters">
            <AntForm.Item name={[kind, 'max']} label={t.count}>
              <InputNumber min={1} max={1_000} precision={0} />
            </AntForm.Item>
            <AntForm.Item name={[kind, 'days']} label={t.units.days}>
              <InputNumber min={1} max={365} precision={0} />
            </AntForm.Item>
          </div>
        </fieldset>
      ))}
    </Form>
  );
}
