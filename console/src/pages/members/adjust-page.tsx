import { type components, isRefusal } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { MerchantSelect } from '../../design/merchant-select.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';

type Preview = components['schemas']['TransactionPreview'];

const words = wordsOf({
  zh: {
    title: '更正余额',
    about: '先预览，再提交。更正会写入账本，会员能看到原因。',
    points: '积分',
    pointsHint: (limit: string) => `增加写正数，扣减写负数。超过 ${limit} 的更正须由另一人批准。`,
    pointsNeeded: '请填写不为 0 的整数',
    pointType: '积分类型',
    merchant: '记在哪个商家名下',
    merchantHint: '增加的积分由该商家承担。',
    reason: '原因',
    reasonHint: '会员会看到，请写清楚。',
    reference: '参考号',
    needed: '请填写',
    preview: '预览',
    previewTitle: '预览：提交后会这样',
    change: '变动',
    after: '更正后余额',
    debt: '其中记为欠分',
    repaid: '其中抵扣欠分',
    apply: '提交更正',
    propose: '提交审批',
    large: '这笔更正需要两个人',
    largeWhy: (limit: string) =>
      `它超过了 ${limit} 的限额。您提交之后，由另一位有权限的同事批准才会生效；您自己不能批准。`,
    done: '余额已更正',
    proposed: '已提交，等待另一人批准',
    member: '会员',
  },
  en: {
    title: 'Correct the balance',
    about:
      'Preview it, then send it. Corrections stand in the ledger, and the member sees the reason.',
    points: 'Points',
    pointsHint: (limit: string) =>
      `More is a positive number, less a negative one. Beyond ${limit} another person must approve.`,
    pointsNeeded: 'A whole number other than 0 is needed',
    pointType: 'Point type',
    merchant: 'At which merchant',
    merchantHint: 'That merchant answers for points that are added.',
    reason: 'Reason',
    reasonHint: 'The member sees it.',
    reference: 'Reference',
    needed: 'This is needed',
    preview: 'Preview',
    previewTitle: 'Preview: what sending it would do',
    change: 'Change',
    after: 'Balance after it',
    debt: 'Of which becomes debt',
    repaid: 'Of which repays debts',
    apply: 'Correct it',
    propose: 'Ask for approval',
    large: 'This correction takes two persons',
    largeWhy: (limit: string) =>
      `It is beyond the limit of ${limit}. Once you send it, somebody else with the right approves it before anything moves; you cannot.`,
    done: 'The balance was corrected',
    proposed: 'Sent; it waits for somebody else to approve it',
    member: 'Member',
  },
});

interface Values {
  readonly points: number;
  readonly pointType: string;
  readonly merchantId: string;
  readonly reason: string;
  readonly reference?: string;
}

/** What was looked at before it is sent. */
interface Tried {
  readonly asked: Values;
  /** Null: it takes two persons. */
  readonly preview: Preview | null;
}

/** Corrects a member's balance: previewed first; above the programme's limit it becomes a proposal for a second person. */
export function AdjustPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const message = useMessage();
  const [, navigate] = useLocation();
  const [form] = AntForm.useForm<Values>();
  const programme = useProgramme();
  const pointTypes = usePointTypeNames();
  const { staff, actorId, merchantId: own } = useSession();
  const actor = staff?.name ?? actorId;
  const member = useQuery({
    queryKey: ['member', id],
    queryFn: ({ signal }) => hongmi.getMember({ id }, { signal }),
  });
  const draft = `adjust-${id}`;
  const largest = programme?.adjustLimit ?? 0;
  const limit = f.points(largest);
  const bodyOf = ({ reference, ...asked }: Values) => ({
    ...asked,
    memberId: id,
    actor,
    ...(reference === undefined || reference === '' ? {} : { reference }),
  });
  const touches = [['member', id], ['adjustments']];

  const [tried, setTried] = useState<Tried>();
  const look = useWrite(
    async (asked: Values, idempotencyKey): Promise<Preview | null> => {
      if (Math.abs(asked.points) > largest) return null;
      const body = { kind: 'adjust' as const, ...bodyOf(asked), dryRun: true as const };
      try {
        return (await hongmi.createTransaction(body, { idempotencyKey })).transaction;
      } catch (error) {
        // Another limit than the one known here: somebody changed it.
        if (isRefusal(error, 'approval_required')) return null;
        throw error;
      }
    },
    { done: (preview, asked) => setTried({ asked, preview }) },
  );
  const apply = useWrite(
    (asked: Values, idempotencyKey) =>
      hongmi.createTransaction({ kind: 'adjust', ...bodyOf(asked) }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(t.done);
        navigate(`/${id}?tab=transactions`);
      },
    },
  );
  const propose = useWrite(
    (asked: Values, idempotencyKey) => hongmi.proposeAdjustment(bodyOf(asked), { idempotencyKey }),
    {
      touches,
      done(made) {
        dropDraft(draft);
        void message.success(t.proposed);
        if ('id' in made) navigate(`~/console/adjustments/${made.id}`);
      },
    },
  );
  const typed = AntForm.useWatch([], form);
  // What was looked at is what would be sent: once something else is typed, it is looked at again.
  const isFresh = tried !== undefined && JSON.stringify(typed) === JSON.stringify(tried.asked);
  const needed = [{ required: true, message: t.needed }];
  return (
    <Loaded query={member}>
      {({ name }) => (
        <Page
          above={<Link href={`/${id}`}>{name ?? t.member}</Link>}
          title={t.title}
          about={t.about}
        >
          <Card>
            <Form<Values>
              draft={draft}
              form={form}
              initial={{
                pointType: programme?.pointTypes[0]?.code ?? 'points',
                ...(own === null ? {} : { merchantId: own }),
              }}
              submit={t.preview}
              onSubmit={(asked) => void look.send(asked)}
              isSending={look.isSending}
              failure={look.failure ?? apply.failure ?? propose.failure}
              onCancel={() => navigate(`/${id}`)}
            >
              <div className="hm-columns">
                <AntForm.Item
                  name="points"
                  label={t.points}
                  required
                  extra={t.pointsHint(limit)}
                  rules={[
                    {
                      validator: async (_, value: number | null | undefined) => {
                        if (!Number.isSafeInteger(value) || value === 0)
                          throw new Error(t.pointsNeeded);
                      },
                    },
                  ]}
                >
                  <InputNumber precision={0} style={{ width: '100%' }} />
                </AntForm.Item>
                <AntForm.Item name="pointType" label={t.pointType} rules={needed}>
                  <Select options={[...pointTypes].map(([value, label]) => ({ value, label }))} />
                </AntForm.Item>
                <AntForm.Item
                  name="merchantId"
                  label={t.merchant}
                  extra={t.merchantHint}
                  rules={needed}
                >
                  <MerchantSelect disabled={own !== null} />
                </AntForm.Item>
                <AntForm.Item name="reference" label={t.reference}>
                  <Input maxLength={128} autoComplete="off" />
                </AntForm.Item>
              </div>
              <AntForm.Item
                name="reason"
                label={t.reason}
                extra={t.reasonHint}
                rules={[{ required: true, whitespace: true, message: t.needed }]}
              >
                <Input.TextArea rows={2} maxLength={200} showCount />
              </AntForm.Item>
            </Form>
          </Card>
          {isFresh ? (
            <Card title={t.previewTitle}>
              <TriedShown
                tried={tried}
                limit={limit}
                isSending={apply.isSending || propose.isSending}
                send={() =>
                  void (tried.preview === null
                    ? propose.send(tried.asked)
                    : apply.send(tried.asked))
                }
              />
            </Card>
          ) : null}
        </Page>
      )}
    </Loaded>
  );
}

function TriedShown({
  tried: { asked, preview },
  limit,
  isSending,
  send,
}: {
  readonly tried: Tried;
  readonly limit: string;
  readonly isSending: boolean;
  readonly send: () => void;
}) {
  const t = useWords(words);
  const { debtMade = 0, debtRepaid = 0 } = preview ?? {};
  return (
    <div className="hm-stack" aria-live="polite">
      {preview === null ? (
        <Alert type="warning" showIcon title={t.large} description={t.largeWhy(limit)} />
      ) : null}
      <Facts
        rows={[
          [t.change, <Points key="change" value={asked.points} signed />],
          [
            t.after,
            preview === null ? undefined : <Points key="after" value={preview.balanceAfter} />,
          ],
          [t.debt, debtMade === 0 ? undefined : <Points key="debt" value={debtMade} />],
          [t.repaid, debtRepaid === 0 ? undefined : <Points key="repaid" value={debtRepaid} />],
          [t.reason, asked.reason],
        ]}
      />
      <div className="hm-actions">
        <Button type="primary" danger={asked.points < 0} loading={isSending} onClick={send}>
          {preview === null ? t.propose : t.apply}
        </Button>
      </div>
    </div>
  );
}
