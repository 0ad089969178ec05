import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, DatePicker, Input, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useOwnName } from '../../app/session.ts';
import { endOfDay, startOfDay } from '../../app/zone.ts';
import { oneDay } from '../../design/days.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { MerchantSelect } from '../../design/merchant-select.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Page } from '../../design/page.tsx';
import { KINDS, type Kind } from './states.tsx';
import { words } from './words.ts';

interface Values {
  readonly merchantId: string;
  readonly kind: Kind;
  readonly documentNo: string;
  readonly issuingBody: string;
  readonly validFrom: string;
  readonly lastDay: string;
  readonly checkedOn: string;
  readonly reference: string;
}

const DRAFT = 'dossier-new';

/** Keeps a document that a merchant handed in. */
export function NewDossierPage() {
  const t = useWords(words);
  const message = useMessage();
  const [, go] = useLocation();
  const programme = useProgramme();
  const name = useOwnName();
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ lastDay, checkedOn, validFrom, ...rest }: Values, idempotencyKey) => {
      const zone = programme?.timeZone ?? 'Asia/Shanghai';
      return hongmi.keepDossier(
        {
          ...rest,
          ...(programme && { programme: programme.code }),
          validFrom: startOfDay(validFrom, zone),
          validUntil: endOfDay(lastDay, zone),
          checkedAt: startOfDay(checkedOn, zone),
          actor: name,
        },
        { idempotencyKey },
      );
    },
    {
      touches: [['dossiers']],
      done({ id }) {
        dropDraft(DRAFT);
        void message.success(t.saved);
        go(`/${id}`);
      },
    },
  );
  const needed = { required: true, whitespace: true, message: t.needed };
  const chosen = { required: true, message: t.needed };
  return (
    <Page title={t.add} above={<Link href="/">{t.title}</Link>}>
      <Card>
        <Form
          draft={DRAFT}
          form={form}
          onSubmit={(values) => void write.send(values)}
          isSending={write.isSending}
          failure={write.failure}
          onCancel={() => go('/')}
        >
          <div className="hm-columns">
            <AntForm.Item name="merchantId" label={t.merchant} rules={[chosen]}>
              <MerchantSelect />
            </AntForm.Item>
            <AntForm.Item name="kind" label={t.kind} rules={[chosen]}>
              <Select options={KINDS.map((value) => ({ value, label: t.kinds[value] }))} />
            </AntForm.Item>
            <AntForm.Item name="documentNo" label={t.documentNo} rules={[needed]}>
              <Input maxLength={128} autoComplete="off" />
            </AntForm.Item>
            <AntForm.Item name="issuingBody" label={t.issuingBody} rules={[needed]}>
              <Input maxLength={200} autoComplete="off" />
            </AntForm.Item>
            <AntForm.Item {...oneDay} name="validFrom" label={t.from} rules={[chosen]}>
              <DatePicker style={{ width: '100%' }} />
            </AntForm.Item>
            <AntForm.Item
              {...oneDay}
              name="lastDay"
              label={t.until}
              extra={t.untilWhy}
              dependencies={['validFrom']}
              rules={[
                chosen,
                ({ getFieldValue }) => ({
                  validator: (_, last: string | undefined) =>
                    last === undefined || last === '' || last >= getFieldValue('validFrom')
                      ? Promise.resolve()
                      : Promise.reject(new Error(t.afterFrom)),
                }),
              ]}
            >
              <DatePicker style={{ width: '100%' }} />
            </AntForm.Item>
            <AntForm.Item
              {...oneDay}
              name="checkedOn"
              label={t.checkedAt}
              extra={t.checkedWhy}
              rules={[chosen]}
            >
              <DatePicker style={{ width: '100%' }} />
            </AntForm.Item>
            <AntForm.Item
              name="reference"
              label={t.reference}
              extra={t.referenceWhy}
              rules={[needed]}
            >
              <Input maxLength={500} autoComplete="off" />
            </AntForm.Item>
          </div>
        </Form>
      </Card>
    </Page>
  );
}
