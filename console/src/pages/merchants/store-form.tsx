import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Radio } from 'antd';
import { hongmi } from '../../app/api.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { words } from './words.ts';

type Store = components['schemas']['Store'];

interface Values {
  readonly code: string;
  readonly name: string;
  readonly zone?: string;
  readonly state: Store['state'];
}

const CODE = /^[a-z][a-z0-9-]{0,39}$/;

/** Adds a store, or changes one: all but its code. */
export function StoreForm({
  merchantId,
  store,
  close,
}: {
  readonly merchantId: string;
  readonly store: Store | undefined;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const message = useMessage();
  const draft = `store-${merchantId}-${store?.code ?? ''}`;
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ code, name, zone, state }: Values, idempotencyKey) => {
      const place = zone?.trim();
      return store === undefined
        ? hongmi.createStore(
            { id: merchantId, code, name, state, ...(place && { zone: place }) },
            { idempotencyKey },
          )
        : hongmi.changeStore(
            { id: merchantId, store: store.code, name, state, zone: place || null },
            { idempotencyKey },
          );
    },
    {
      touches: [['merchants', 'stores', merchantId]],
      done() {
        dropDraft(draft);
        void message.success(t.saved);
        close();
      },
    },
  );
  const initial: Partial<Values> =
    store === undefined ? { state: 'open' } : { ...store, zone: store.zone ?? '' };
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
        <Input maxLength={200} autoComplete="off" />
      </AntForm.Item>
      <AntForm.Item
        name="code"
        label={t.code}
        extra={t.codeWhy}
        rules={[
          { required: true, message: t.needed },
          { pattern: CODE, message: t.codeWrong },
        ]}
      >
        <Input maxLength={40} autoComplete="off" disabled={store !== undefined} />
      </AntForm.Item>
      <AntForm.Item name="zone" label={t.zone} extra={t.zoneWhy}>
        <Input maxLength={100} autoComplete="off" />
      </AntForm.Item>
      <AntForm.Item name="state" label={t.state}>
        <Radio.Group
          options={(['open', 'closed'] as const).map((value) => ({
            value,
            label: t.states[value],
          }))}
        />
      </AntForm.Item>
    </Form>
  );
}
