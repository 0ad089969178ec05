import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Form as AntForm, Button, Input } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { useSession } from '../../app/session.ts';
import { dropDraft } from '../../design/draft.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { useAsk, useMessage } from '../../design/notices.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Code, Points, When } from '../../design/values.tsx';
import { Actor, Member, Merchant } from '../../design/who.tsx';
import { type Proposal, ProposalState } from './proposal-state.tsx';
import { words } from './words.ts';

/** A correction that somebody proposed: what approving it would do, and the two answers there are. */
export function AdjustmentPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['adjustment', id],
    queryFn: ({ signal }) => hongmi.getAdjustment({ id }, { signal }),
  });
  return (
    <Loaded query={query}>
      {(proposal) => (
        <Page
          above={<Link href="/">{t.title}</Link>}
          title={t.one}
          about={
            <>
              <Code>{id}</Code> <ProposalState proposal={proposal} />
            </>
          }
        >
          <Card>
            <ProposalFacts proposal={proposal} />
          </Card>
          {proposal.status === 'proposed' ? <Decide proposal={proposal} /> : null}
        </Page>
      )}
    </Loaded>
  );
}

function ProposalFacts({ proposal }: { readonly proposal: Proposal }) {
  const t = useWords(words);
  const names = usePointTypeNames();
  const { approvedBy, approvedAt, refusedBy, refusedAt, expiresAt } = proposal;
  return (
    <Facts
      rows={[
        [t.member, <Member key="member" id={proposal.memberId} />],
        [t.points, <Points key="points" value={proposal.points} signed />],
        [t.pointType, names.get(proposal.pointType) ?? proposal.pointType],
        [t.merchant, <Merchant key="merchant" id={proposal.merchantId} />],
        [t.reason, proposal.reason],
        [t.reference, proposal.reference],
        [t.expires, expiresAt === undefined ? undefined : <When key="expires" at={expiresAt} />],
        [t.by, <Actor key="by" id={proposal.proposedBy} />],
        [t.at, <When key="at" at={proposal.proposedAt} />],
        [
          t.approvedBy,
          approvedBy === undefined ? undefined : <Actor key="approver" id={approvedBy} />,
        ],
        [
          t.approvedAt,
          approvedAt === undefined ? undefined : <When key="approved" at={approvedAt} />,
        ],
        [t.refusedBy, refusedBy === undefined ? undefined : <Actor key="refuser" id={refusedBy} />],
        [t.refusedAt, refusedAt === undefined ? undefined : <When key="refused" at={refusedAt} />],
        [t.refusalReason, proposal.refusalReason],
        [t.notApplied, proposal.notApplied],
      ]}
    />
  );
}

/** What approving would do, tried without doing it; who proposed it is told that somebody else decides. */
function Decide({ proposal }: { readonly proposal: Proposal }) {
  const t = useWords(words);
  const f = useFormat();
  const ask = useAsk();
  const message = useMessage();
  const [form] = AntForm.useForm<{ reason: string }>();
  const { actorId } = useSession();
  const { id, memberId, proposedBy, points } = proposal;
  const isOwn = proposedBy === actorId;
  const draft = `refusal-${id}`;
  const touches = [['adjustment', id], ['adjustments'], ['member', memberId]];
  const approve = useWrite(
    (_: null, idempotencyKey) => hongmi.approveAdjustment({ id }, { idempotencyKey }),
    { touches, done: () => void message.success(t.approved) },
  );
  const refuse = useWrite(
    (reason: string, idempotencyKey) => hongmi.refuseAdjustment({ id, reason }, { idempotencyKey }),
    {
      touches,
      done() {
        dropDraft(draft);
        void message.success(t.refused);
      },
    },
  );
  return (
    <>
      {isOwn ? <Alert type="info" showIcon title={t.own} description={t.ownWhy} /> : null}
      {isOwn ? null : (
        <Card title={t.effect}>
          <Effect id={id} points={points}>
            {approve.failure === undefined ? null : <FailureAlert failure={approve.failure} />}
            <div className="hm-actions">
              <Button
                type="primary"
                loading={approve.isSending}
                onClick={() =>
                  void ask({
                    title: t.approveTitle,
                    about: t.approveAbout(f.signed(points)),
                    yes: t.approve,
                  }).then((yes) => (yes ? approve.send(null) : undefined))
                }
              >
                {t.approve}
              </Button>
            </div>
          </Effect>
        </Card>
      )}
      <Card title={isOwn ? t.takeBack : t.refuse}>
        <Form<{ reason: string }>
          draft={draft}
          form={form}
          submit={isOwn ? t.takeBack : t.refuse}
          danger
          onSubmit={({ reason }) => void refuse.send(reason.trim())}
          isSending={refuse.isSending}
          failure={refuse.failure}
        >
          <AntForm.Item
            name="reason"
            label={t.refusalReason}
            rules={[{ required: true, whitespace: true, message: t.reasonNeeded }]}
          >
            <Input.TextArea rows={2} maxLength={200} showCount />
          </AntForm.Item>
        </Form>
      </Card>
    </>
  );
}

/** What approving would do, and what can be done about it where it would do something: the ledger's refusal would be for good. */
function Effect({
  id,
  points,
  children,
}: {
  readonly id: string;
  readonly points: number;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['adjustment', id, 'effect'],
    queryFn: ({ signal }) => hongmi.approveAdjustment({ id, dryRun: true }, { signal }),
    // The balance moves on: what was tried a minute ago says nothing.
    staleTime: 0,
  });
  return (
    <Loaded query={query} rows={2}>
      {({ transaction: { balanceAfter, debtMade = 0 } }) => (
        <div className="hm-stack">
          <Facts
            rows={[
              [t.change, <Points key="change" value={points} signed />],
              [t.after, <Points key="after" value={balanceAfter} />],
              [t.debt, debtMade === 0 ? undefined : <Points key="debt" value={debtMade} />],
            ]}
          />
          {children}
        </div>
      )}
    </Loaded>
  );
}
