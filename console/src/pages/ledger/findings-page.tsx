import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Dialog } from '../../design/dialog.tsx';
import { dropDraft, Form } from '../../design/form.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { ledgerWords } from './words.ts';

const words = wordsOf({
  zh: {
    about: '对账每分钟在服务器上重放新区块，并逐行比对。不符的列在这里，直到有人说明处理结果。',
    onlyOpen: '只看待确认的',
    kind: '类别',
    chain: '链：哈希与连接',
    entries: '分录：不该发生的',
    state: '状态：行与合计',
    about_: '对象',
    message: '发现',
    first: '首次发现',
    last: '最近一次',
    seen: '次数',
    result: '处理',
    open: '待确认',
    acknowledge: '确认',
    ask: '处理结果',
    note: '查明了什么，做了什么',
    noteNeeded: '请写明处理结果',
    none: '没有不符之处',
    noneWhy: '账本与它的每一行都对得上。',
  },
  en: {
    about:
      'Reconciliation replays new blocks on the server every minute, and compares row by row. What does not add up stands here until somebody says what came of it.',
    onlyOpen: 'Only open ones',
    kind: 'Kind',
    chain: 'Chain: hashes and links',
    entries: 'Entries: what may not be',
    state: 'State: rows and sums',
    about_: 'About',
    message: 'Finding',
    first: 'First seen',
    last: 'Last seen',
    seen: 'Times',
    result: 'Outcome',
    open: 'open',
    acknowledge: 'Acknowledge',
    ask: 'What came of it',
    note: 'What was found out, and what was done',
    noteNeeded: 'Say what came of it',
    none: 'Nothing is amiss',
    noneWhy: 'The ledger agrees with each of its rows.',
  },
});

type Finding = components['schemas']['Finding'];

export function FindingsPage() {
  const t = useWords(words);
  const w = useWords(ledgerWords);
  const f = useFormat();
  const may = useMay();
  const [all, setAll] = useFilter('all');
  const [asked, setAsked] = useState<Finding>();
  const open = all === undefined;
  return (
    <Page title={w.findings} about={t.about} above={<Link href="/">{w.ledger}</Link>}>
      <Card flush>
        <div className="hm-card-body">
          <Checkbox
            checked={open}
            onChange={({ target }) => setAll(target.checked ? undefined : '1')}
          >
            {t.onlyOpen}
          </Checkbox>
        </div>
        <Table<Finding>
          label={w.findings}
          queryKey={['ledger', 'findings', open]}
          load={(cursor, signal) =>
            hongmi.listFindings({ open, ...(cursor && { cursor }) }, { signal })
          }
          rowKey={({ id }) => String(id)}
          exportAs="ledger-findings"
          empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
          columns={[
            {
              key: 'kind',
              title: t.kind,
              render: ({ invariant }) => <Tag tone="bad">{t[invariant]}</Tag>,
              value: ({ invariant }) => invariant,
              sortable: true,
            },
            {
              key: 'place',
              title: w.place,
              render: ({ shard, block }) => (
                <span>
                  {w.shardOf(String(shard))}
                  {block === null ? null : (
                    <>
                      {' · '}
                      <Link href={`/shards/${shard}/${block}`}>{w.blockOf(f.number(block))}</Link>
                    </>
                  )}
                </span>
              ),
              value: ({ shard, block }) => `${shard}/${block ?? ''}`,
            },
            {
              key: 'about',
              title: t.about_,
              render: ({ about }) => <Code>{about}</Code>,
              value: ({ about }) => about,
            },
            {
              key: 'message',
              title: t.message,
              render: ({ message }) => message,
              value: ({ message }) => message,
            },
            {
              key: 'first',
              title: t.first,
              render: ({ firstSeenAt }) => <When at={firstSeenAt} />,
              value: ({ firstSeenAt }) => firstSeenAt,
              sortable: true,
            },
            {
              key: 'last',
              title: t.last,
              render: ({ lastSeenAt }) => <When at={lastSeenAt} />,
              value: ({ lastSeenAt }) => lastSeenAt,
              sortable: true,
            },
            {
              key: 'seen',
              title: t.seen,
              align: 'right',
              render: ({ seen }) => f.number(seen),
              value: ({ seen }) => seen,
              sortable: true,
            },
            {
              key: 'result',
              title: t.result,
              render: (finding) =>
                finding.acknowledged !== null ? (
                  <span>
                    {finding.acknowledged.note}{' '}
                    <span className="hm-soft">
                      <Actor id={finding.acknowledged.keyId} />{' '}
                      <When at={finding.acknowledged.at} />
                    </span>
                  </span>
                ) : may('ledger:write') ? (
                  <Button size="small" onClick={() => setAsked(finding)}>
                    {t.acknowledge}
                  </Button>
                ) : (
                  <Tag tone="warn">{t.open}</Tag>
                ),
              value: ({ acknowledged }) => acknowledged?.note ?? null,
            },
          ]}
        />
      </Card>
      {asked === undefined ? null : (
        <Acknowledge key={asked.id} finding={asked} close={() => setAsked(undefined)} />
      )}
    </Page>
  );
}

function Acknowledge({
  finding,
  close,
}: {
  readonly finding: Finding;
  readonly close: () => void;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<{ note: string }>();
  const draft = `finding-${finding.id}`;
  const write = useWrite(
    ({ note }: { note: string }, idempotencyKey) =>
      hongmi.acknowledgeFinding({ id: finding.id, note }, { idempotencyKey }),
    {
      touches: [['ledger', 'findings']],
      done: () => {
        dropDraft(draft);
        close();
      },
    },
  );
  return (
    <Dialog isOpen title={t.ask} onClose={close}>
      <p>
        <Code>{finding.about}</Code> {finding.message}
      </p>
      <Form
        draft={draft}
        form={form}
        onSubmit={(values) => void write.send(values)}
        isSending={write.isSending}
        failure={write.failure}
        submit={t.acknowledge}
        onCancel={close}
      >
        <AntForm.Item
          name="note"
          label={t.note}
          rules={[{ required: true, whitespace: true, message: t.noteNeeded }]}
        >
          <Input.TextArea maxLength={500} showCount rows={3} />
        </AntForm.Item>
      </Form>
    </Dialog>
  );
}
