import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgramme, useProgrammes } from '../../app/programme.tsx';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Page } from '../../design/page.tsx';
import { RatioFields } from './ratio-fields.tsx';
import { type RatioValues, ratioOf } from './ratio-values.ts';
import { words } from './words.ts';

interface Values extends RatioValues {
  readonly name: string;
  readonly category: string;
  readonly programme: string;
}

const DRAFT = 'merchant-new';

export function NewMerchantPage() {
  const t = useWords(words);
  const message = useMessage();
  const [, go] = useLocation();
  const programmes = useProgrammes();
  const programme = useProgramme();
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ name, category, programme, ...ratio }: Values, idempotencyKey) =>
      hongmi.createMerchant(
        { name, category, programme, earnRatio: ratioOf(ratio) },
        { idempotencyKey },
      ),
    {
      touches: [['merchants'], ['merchant-names']],
      done({ id, name }) {
        dropDraft(DRAFT);
        void message.success(t.admitted(name));
        go(`/${id}`);
      },
    },
  );
  const needed = { required: true, whitespace: true, message: t.needed };
  return (
    <Page title={t.admit} about={t.admitAbout} above={<Link href="/">{t.title}</Link>}>
      <Card>
        {programme === undefined ? null : (
          <Form
            draft={DRAFT}
            form={form}
            initial={{ programme: programme.code, points: 1, perYuan: 1 }}
            onSubmit={write.send}
            isSending={write.isSending}
            failure={write.failure}
            submit={t.admit}
            onCancel={() => go('/')}
          >
            <AntForm.Item name="name" label={t.name} rules={[needed]}>
              <Input maxLength={200} autoComplete="off" />
            </AntForm.Item>
            <AntForm.Item name="category" label={t.category} extra={t.categoryWhy} rules={[needed]}>
              <Input maxLength={100} autoComplete="off" />
            </AntForm.Item>
            {programmes.length > 1 ? (
              <AntForm.Item name="programme" label={t.programme} rules={[needed]}>
                <Select
                  options={programmes.map(({ code, name }) => ({ value: code, label: name }))}
                />
              </AntForm.Item>
            ) : (
              <AntForm.Item name="programme" hidden>
                <Input />
              </AntForm.Item>
            )}
            <RatioFields />
          </Form>
        )}
      </Card>
    </Page>
  );
}
