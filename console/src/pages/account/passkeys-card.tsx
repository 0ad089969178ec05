import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Button, Input } from 'antd';
import { hongmi } from '../../app/api.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { hasPasskeys, makePasskey } from '../sign-in/passkey.ts';
import { words } from './words.ts';

const KEY = ['own-passkeys'];
const TOUCHED = [KEY, ['session']];

interface Values {
  readonly name: string;
}

export function PasskeysCard() {
  const t = useWords(words);
  const ask = useAsk();
  const message = useMessage();
  const [form] = AntForm.useForm<Values>();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => hongmi.listPasskeys({ signal }),
  });
  const add = useWrite(({ name }: Values) => makePasskey(name), {
    touches: TOUCHED,
    done: () => form.resetFields(),
  });
  const remove = useWrite(
    ({ id }: { readonly id: string }, idempotencyKey) =>
      hongmi.removePasskey({ id }, { idempotencyKey }),
    { touches: TOUCHED, done: () => void message.success(t.removed) },
  );
  async function askAndRemove(id: string, name: string): Promise<void> {
    const isSure = await ask({ title: t.askPasskey(name), yes: t.remove, danger: true });
    if (isSure) await remove.send({ id });
  }
  return (
    <Card title={t.passkeys}>
      <p>{t.passkeysAbout}</p>
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <PlainTable
            label={t.passkeys}
            rows={items}
            rowKey={({ id }) => id}
            empty={<Empty title={t.noPasskeys}>{t.noPasskeysWhy}</Empty>}
            columns={[
              { key: 'name', title: t.passkeyName, render: ({ name }) => name ?? t.passkeys },
              { key: 'added', title: t.added, render: ({ createdAt }) => <When at={createdAt} /> },
              {
                key: 'synced',
                title: '',
                render: ({ synced }) => (synced ? <Tag>{t.synced}</Tag> : null),
              },
              {
                key: 'remove',
                title: '',
                render: ({ id, name }) => (
                  <Button
                    size="small"
                    danger
                    onClick={() => void askAndRemove(id, name ?? t.passkeys)}
                  >
                    {t.remove}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {remove.failure === undefined ? null : <FailureAlert failure={remove.failure} />}
      {hasPasskeys() ? (
        <div className="hm-narrow">
          <Form<Values>
            draft={undefined}
            form={form}
            submit={t.add}
            onSubmit={(values) => void add.send(values)}
            isSending={add.isSending}
            failure={add.failure}
          >
            <AntForm.Item
              name="name"
              label={t.passkeyName}
              extra={t.passkeyNameWhy}
              rules={[{ required: true, whitespace: true, message: t.needed }]}
            >
              <Input maxLength={60} autoComplete="off" />
            </AntForm.Item>
          </Form>
        </div>
      ) : (
        <Alert type="info" showIcon title={t.noBrowser} />
      )}
    </Card>
  );
}
