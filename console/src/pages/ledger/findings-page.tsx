import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { words } from './findings-words.ts';
import { ledgerWords } from './words.ts';

const Acknowledge = laterPart(() => import('./acknowledge.tsx'), 'Acknowledge');

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
