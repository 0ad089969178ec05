import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form, Input, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/form.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { BodyForm } from '../../publishing/body-form.tsx';
import { CODE } from '../../publishing/code.ts';
import type { Terms } from './price.tsx';
import { TermsFields } from './terms-fields.tsx';
import { type TermsValues, termsOf, valuesOf } from './terms-values.ts';
import { words } from './words.ts';

type Values = TermsValues & { readonly code: string; readonly owner?: string };

const DRAFT = 'reward-new';

export function NewRewardPage() {
  const t = useWords(words);
  const [, navigate] = useLocation();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const { merchantId } = useSession();
  const make = useWrite(
    (
      asked: { readonly code: string; readonly merchantId?: string; readonly body: Terms },
      idempotencyKey,
    ) =>
      hongmi.createReward(
        {
          ...asked,
          ...(merchantId === null &&
            asked.merchantId === undefined && { programme: programme?.code }),
        },
        { idempotencyKey },
      ),
    {
      touches: [['rewards']],
      done({ id }) {
        dropDraft(DRAFT);
        navigate(`/${id}`);
      },
    },
  );
  const own = merchantId ?? undefined;
  if (programme === undefined) return <Skeleton />;
  return (
    <Page above={<Link href="/">{t.title}</Link>} title={t.make}>
      <Card>
        <BodyForm<Terms, Values>
          draft={DRAFT}
          initial={{
            kind: 'goods',
            prices: [{ pointType: programme.pointTypes[0]?.code ?? '', points: 100, cashYuan: 0 }],
            merchants: own === undefined ? [] : [own],
            fulfilment: 'code',
            cancellation: 'before_use',
            returnDays: 7,
            qualityDays: 30,
            exchange: true,
          }}
          base={undefined}
          valuesOf={(terms) => valuesOf(terms) as Values}
          bodyOf={termsOf}
          aboutJson={t.jsonAbout}
          onSubmit={(body, { code, owner }) =>
            void make.send({ code, body, ...(owner === undefined ? {} : { merchantId: owner }) })
          }
          isSending={make.isSending}
          failure={make.failure}
          before={
            <div className="hm-columns">
              <Form.Item
                name="code"
                label={t.code}
                help={t.codeHint}
                rules={[
                  { required: true, message: t.needed },
                  { pattern: CODE, message: t.codeWrong },
                ]}
              >
                <Input autoComplete="off" />
              </Form.Item>
              {own === undefined ? (
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
        >
          <TermsFields />
        </BodyForm>
      </Card>
    </Page>
  );
}
