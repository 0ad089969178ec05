import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import type { AskedPage } from '../app/pages.ts';
import { Loaded } from '../design/loaded.tsx';
import { Card } from '../design/page.tsx';
import { Table } from '../design/table.tsx';
import { None, When } from '../design/values.tsx';
import { Actor } from '../design/who.tsx';
import { DifferencesShown } from './differences-shown.tsx';
import type { Version } from './version.ts';
import { VersionTag } from './version-tag.tsx';

const words = wordsOf({
  zh: {
    title: '版本',
    number: '版本',
    state: '状态',
    from: '生效',
    until: '结束',
    notice: '提前告知',
    days: (count: string) => `${count} 天`,
    by: '发布人',
    compare: '比较版本',
    with: '与',
    none: '还没有发布过版本',
  },
  en: {
    title: 'Versions',
    number: 'Version',
    state: 'State',
    from: 'From',
    until: 'Until',
    notice: 'Notice given',
    days: (count: string) => `${count} days`,
    by: 'Published by',
    compare: 'Compare version',
    with: 'with',
    none: 'No version was published yet',
  },
});

/** All versions that were published, and what any two of them differ in. */
export function VersionsCard<Body extends object>({
  queryKey,
  load,
  name,
}: {
  readonly queryKey: readonly unknown[];
  readonly load: (
    page: AskedPage,
    signal: AbortSignal,
  ) => Promise<{
    readonly items: readonly Version<Body>[];
    readonly nextCursor: string | null;
  }>;
  readonly name: string;
}) {
  const t = useWords(words);
  return (
    <Card title={t.title} flush>
      <Table<Version<Body>>
        label={t.title}
        queryKey={queryKey}
        rowKey={({ id }) => id}
        load={(cursor, signal) => load(cursor === undefined ? {} : { cursor }, signal)}
        exportAs={name}
        empty={<Empty title={t.none} />}
        columns={[
          {
            key: 'number',
            title: t.number,
            align: 'right',
            width: 80,
            render: ({ number }) => <span className="hm-number">{number}</span>,
            value: ({ number }) => number,
          },
          {
            key: 'state',
            title: t.state,
            render: ({ state }) => <VersionTag state={state} />,
            value: ({ state }) => state,
          },
          {
            key: 'from',
            title: t.from,
            render: ({ from }) => (from === null ? <None /> : <When at={from} />),
            value: ({ from }) => from,
          },
          {
            key: 'until',
            title: t.until,
            render: ({ until }) => (until === null ? <None /> : <When at={until} />),
            value: ({ until }) => until,
          },
          {
            key: 'notice',
            title: t.notice,
            align: 'right',
            render: ({ noticeDays }) => (noticeDays ? t.days(String(noticeDays)) : <None />),
            value: ({ noticeDays }) => noticeDays,
          },
          {
            key: 'by',
            title: t.by,
            render: ({ publishedBy }) =>
              publishedBy === null ? <None /> : <Actor id={publishedBy} />,
            value: ({ publishedBy }) => publishedBy,
          },
        ]}
      />
      <Compare queryKey={queryKey} load={load} />
    </Card>
  );
}

/** So many versions are offered for comparison: the newest. */
const COMPARED_MAX = 100;

function Compare<Body extends object>({
  queryKey,
  load,
}: Pick<Parameters<typeof VersionsCard<Body>>[0], 'queryKey' | 'load'>) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: [...queryKey, 'compare'],
    queryFn: async ({ signal }) => (await load({ limit: COMPARED_MAX }, signal)).items,
  });
  const [chosen, setChosen] = useState<readonly [number | undefined, number | undefined]>([
    undefined,
    undefined,
  ]);
  return (
    <Loaded query={query} rows={1}>
      {(versions) => {
        if (versions.length < 2) return null;
        const byNumber = [...versions].sort((a, b) => b.number - a.number);
        const [newer = byNumber[0]?.number, older = byNumber[1]?.number] = chosen;
        const options = byNumber.map(({ number }) => ({ value: number, label: String(number) }));
        const bodyOf = (number: number | undefined) =>
          byNumber.find((each) => each.number === number)?.body;
        return (
          <div className="hm-card-body">
            <div className="hm-filters">
              <label>
                {t.compare}
                <Select
                  value={older}
                  options={options}
                  onChange={(value) => setChosen([newer, value])}
                />
              </label>
              <label>
                {t.with}
                <Select
                  value={newer}
                  options={options}
                  onChange={(value) => setChosen([value, older])}
                />
              </label>
            </div>
            <DifferencesShown before={bodyOf(older)} after={bodyOf(newer)} />
          </div>
        );
      }}
    </Loaded>
  );
}
