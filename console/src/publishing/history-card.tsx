import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import type { AskedPage } from '../app/pages.ts';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import { None, When } from '../design/values.tsx';
import { Actor } from '../design/who.tsx';

export interface Change {
  readonly kind: 'made' | 'drafted' | 'draft_dropped' | 'published' | 'retired' | 'removed';
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly from: string | null;
}

const words = wordsOf({
  zh: {
    title: '变更记录',
    at: '时间',
    what: '做了什么',
    version: '版本',
    from: '自何时起',
    by: '谁',
    kinds: {
      made: '新建',
      drafted: '保存草稿',
      draft_dropped: '放弃草稿',
      published: '发布',
      retired: '停用',
      removed: '删除',
    },
  },
  en: {
    title: 'History',
    at: 'When',
    what: 'What was done',
    version: 'Version',
    from: 'From',
    by: 'By',
    kinds: {
      made: 'made',
      drafted: 'drafted',
      draft_dropped: 'draft dropped',
      published: 'published',
      retired: 'retired',
      removed: 'removed',
    },
  },
});

/** Who did what to it, newest last, as the register has it. */
export function HistoryCard({
  queryKey,
  load,
  name,
}: {
  readonly queryKey: readonly unknown[];
  readonly load: (
    page: AskedPage,
    signal: AbortSignal,
  ) => Promise<{
    readonly items: readonly Change[];
    readonly nextCursor: string | null;
  }>;
  readonly name: string;
}) {
  const t = useWords(words);
  return (
    <Card title={t.title} flush>
      <Table<Change>
        label={t.title}
        queryKey={queryKey}
        rowKey={({ changedAt, kind, versionId }) => `${changedAt} ${kind} ${versionId}`}
        load={(cursor, signal) => load(cursor === undefined ? {} : { cursor }, signal)}
        exportAs={name}
        columns={[
          {
            key: 'at',
            title: t.at,
            render: ({ changedAt }) => <When at={changedAt} />,
            value: ({ changedAt }) => changedAt,
          },
          {
            key: 'kind',
            title: t.what,
            render: ({ kind }) => t.kinds[kind],
            value: ({ kind }) => kind,
          },
          {
            key: 'version',
            title: t.version,
            align: 'right',
            render: ({ versionNumber }) => versionNumber ?? <None />,
            value: ({ versionNumber }) => versionNumber,
          },
          {
            key: 'from',
            title: t.from,
            render: ({ from }) => (from === null ? <None /> : <When at={from} />),
            value: ({ from }) => from,
          },
          {
            key: 'by',
            title: t.by,
            render: ({ changedBy }) => <Actor id={changedBy} />,
            value: ({ changedBy }) => changedBy,
          },
        ]}
      />
    </Card>
  );
}
