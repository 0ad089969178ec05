import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { App, Form, Input, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/form.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { CODE } from '../../publishing/code.ts';
import type { RuleBody, RuleValues } from './body-values.ts';
import { pageWords } from './page-words.ts';
import { RuleEditor } from './rule-editor.tsx';
import { words } from './words.ts';

type Values = RuleValues & { readonly code: string; readonly owner?: string | null };

const DRAFT = 'rule-new';

export function NewRulePage() {
  const t = useWords(words);
  const p = useWords(pageWords);
  const [, navigate] = useLocation();
  const { message } = App.useApp();
  const programme = useProgramme();
  const { merchantId: own } = useSession();
  const merchants = useMerchantNames();
  const askedOf = (body: RuleBody, { code, owner }: Values) => ({
    code,
    ...(own === null ? (owner ? { merchantId: owner } : { programme: programme?.code ?? '' }) : {}),
    body,
  });
  const make = useWrite(
    (asked: ReturnType<typeof askedOf>, idempotencyKey) =>
      hongmi.createRule(asked, { idempotencyKey }),
    {
      touches: [['rules']],
      done({ id }) {
        dropDraft(DRAFT);
        void message.success(p.saved);
        navigate(`/${id}`);
      },
    },
  );
  const check = useWrite(
    ({ body, values }: { readonly body: RuleBody; readonly values: Values }, idempotencyKey) =>
      hongmi.createRule({ ...askedOf(body, values), dryRun: true }, { idempotencyKey }),
  );
  if (programme === undefined) return <Skeleton />;
  return (
    <Page above={<Link href="/">{t.title}</Link>} title={t.make} about={p.makeAbout}>
      <Card>
        <RuleEditor<Values>
          draft={DRAFT}
          programme={programme.code}
          initial={{ on: 'order', earn: 'times', times: '2', per: 'order' } as Partial<Values>}
          isOwners={({ owner }) => own !== null || Boolean(owner)}
          onSubmit={(body, values) => void make.send(askedOf(body, values))}
          isSending={make.isSending}
          failure={make.failure}
          check={check}
          before={
            <div className="hm-columns hm-columns-narrow">
              <Form.Item
                name="code"
                label={t.code}
                extra={t.codeHint}
                rules={[
                  { required: true, message: t.needed },
                  { pattern: CODE, message: t.codeWrong },
                ]}
              >
                <Input autoComplete="off" />
              </Form.Item>
              {own === null ? (
                <Form.Item name="owner" label={t.owner}>
                  <Select
                    allowClear
                    placeholder={t.platform}
                    showSearch={{ optionFilterProp: 'label' }}
                    options={[...merchants].map(([value, label]) => ({ value, label }))}
                  />
                </Form.Item>
              ) : null}
            </div>
          }
        />
      </Card>
    </Page>
  );
}
