import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd';
import { Link, useSearchParams } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { type Entry, EntryDetails, ResultTag, resultOf } from './entry-details.tsx';
import { Filters, useAsked } from './filters.tsx';
import { operationWords } from './operation-words.ts';
import { words } from './words.ts';

export function AuditPage() {
  const t = useWords(words);
  const named = useWords(operationWords);
  const asked = useAsked();
  const [, setParams] = useSearchParams();
  const nameOf = (operation: string): string =>
    (named as Readonly<Record<string, string>>)[operation] ?? operation;
  return (
    <Page title={t.title} about={t.about}>
      <Card flush>
        <Filters />
        <Table<Entry>
          label={t.title}
          queryKey={['audit', asked]}
          load={(cursor, signal) =>
            hongmi.listAudit({ ...asked, ...(cursor && { cursor }) }, { signal })
          }
          rowKey={({ id }) => id}
          exportAs="audit-log"
          expanded={(entry) => <EntryDetails entry={entry} />}
          empty={
            <Empty
              title={t.none}
              action={
                Object.keys(asked).length === 0 ? undefined : (
                  <Button onClick={() => setParams(new URLSearchParams())}>{t.clear}</Button>
                )
              }
            >
              {t.noneWhy}
            </Empty>
          }
          columns={[
            {
              key: 'at',
              title: t.at,
              render: ({ at }) => <When at={at} />,
              value: ({ at }) => at,
            },
            {
              key: 'actor',
              title: t.actor,
              render: ({ actorId }) => <Who id={actorId} />,
              value: ({ actorId }) => actorId,
            },
            {
              key: 'operation',
              title: t.operation,
              render: ({ operation }) => nameOf(operation),
              value: ({ operation }) => operation,
            },
            {
              key: 'about',
              title: t.subject,
              render: ({ about, outcome }) => <Subject id={about[0] ?? outcome?.made} />,
              value: ({ about }) => about.join(' '),
            },
            {
              key: 'outcome',
              title: t.outcome,
              render: (entry) => <ResultTag entry={entry} />,
              value: (entry) => t.outcomes[resultOf(entry)],
            },
            {
              key: 'address',
              title: t.address,
              render: ({ address }) => <Code>{address}</Code>,
              value: ({ address }) => address,
            },
          ]}
        />
      </Card>
    </Page>
  );
}

/** Who did it; a press shows what else they did. */
function Who({ id }: { readonly id: string | null }) {
  const t = useWords(words);
  if (id === null) return <span className="hm-soft">{t.nobody}</span>;
  return (
    <Link href={`?actor=${id}`} title={t.onlyThis}>
      <Actor id={id} />
    </Link>
  );
}

/** What it is about; a press shows what else was done about it. */
function Subject({ id }: { readonly id: string | null | undefined }) {
  if (id === null || id === undefined) return <None />;
  return (
    <Link href={`?about=${encodeURIComponent(id)}`}>
      <Code short>{id}</Code>
    </Link>
  );
}
