import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form, Input } from 'antd';
import { Link, useLocation } from 'wouter';
import { useProgramme } from '../app/programme.tsx';
import { useSession } from '../app/session.ts';
import { dropDraft } from '../design/draft.ts';
import { MerchantSelect } from '../design/merchant-select.tsx';
import { useMessage } from '../design/notices.tsx';
import { Card, Page } from '../design/page.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import type { Editor, Family, Written } from './family.ts';
import { itemWords } from './words.ts';

/** The form of codes in the API. */
const CODE = /^[a-z][a-z0-9-]{0,39}$/;

/** Makes an item: its code and whose it is, above the terms of its first draft. */
export function NewPage<Body extends object>({
  family,
  words,
  editor: Editor,
}: {
  readonly family: Family<Body>;
  readonly words: { readonly title: string; readonly make: string; readonly makeAbout?: string };
  readonly editor: Editor<Body>;
}) {
  const t = useWords(itemWords);
  const [, navigate] = useLocation();
  const message = useMessage();
  const programme = useProgramme()?.code;
  const { merchantId: own } = useSession();
  const draft = `${family.one}-new`;
  const askedOf = ({ body, values: { code, owner } }: Written<Body>) => ({
    code,
    body,
    // A merchant's own are its own without a word.
    ...(own === null && (owner ? { merchantId: owner } : programme && { programme })),
  });
  const save = useWrite(
    (written: Written<Body>, idempotencyKey) => family.create(askedOf(written), { idempotencyKey }),
    {
      touches: [[`${family.one}s`]],
      done({ id }) {
        dropDraft(draft);
        void message.success(t.saved);
        navigate(`/${id}`);
      },
    },
  );
  const check = useWrite((written: Written<Body>, idempotencyKey) =>
    family.create({ ...askedOf(written), dryRun: true }, { idempotencyKey }),
  );
  if (programme === undefined) return <Skeleton />;
  return (
    <Page above={<Link href="/">{words.title}</Link>} title={words.make} about={words.makeAbout}>
      <Card>
        <Editor
          draft={draft}
          base={undefined}
          programme={programme}
          isOwners={({ owner }) => own !== null || Boolean(owner)}
          save={save}
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
                  <MerchantSelect allowClear placeholder={t.platform} />
                </Form.Item>
              ) : null}
            </div>
          }
        />
      </Card>
    </Page>
  );
}
