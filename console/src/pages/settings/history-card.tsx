import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { None, When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { type Changed, type SettingName, useSettingShown } from './setting-shown.ts';
import { words } from './words.ts';

type Change = components['schemas']['ProgrammeChange'];

/** Who changed what of a programme, and from when on. */
export function HistoryCard({ programme: { code } }: { readonly programme: Programme }) {
  const t = useWords(words);
  const shown = useSettingShown();
  const said = (all: Changed): string =>
    (Object.keys(all) as SettingName[])
      .map((name) => t.named(t.names[name], shown(name, all)))
      .join('\n');
  const lines = (all: Changed) =>
    Object.keys(all).length === 0 ? <None /> : <Lines of={said(all)} />;
  return (
    <Card title={t.history} flush>
      <Table<Change>
        label={t.history}
        queryKey={['settings', 'changes', code]}
        load={(cursor, signal) =>
          hongmi.listProgrammeChanges({ code, ...(cursor && { cursor }) }, { signal })
        }
        rowKey={({ changedAt, from, after }) => `${changedAt} ${from} ${Object.keys(after).join()}`}
        exportAs="programme-changes"
        empty={<Empty title={t.historyNone} />}
        columns={[
          {
            key: 'changedAt',
            title: t.changedAt,
            render: ({ changedAt }) => <When at={changedAt} />,
            value: ({ changedAt }) => changedAt,
            sortable: true,
          },
          {
            key: 'changedBy',
            title: t.changedBy,
            render: ({ changedBy }) => <Actor id={changedBy} />,
            value: ({ changedBy }) => changedBy,
          },
          {
            key: 'before',
            title: t.before,
            render: ({ before }) => lines(before),
            value: ({ before }) => said(before),
          },
          {
            key: 'after',
            title: t.after,
            render: ({ after }) => lines(after),
            value: ({ after }) => said(after),
          },
          {
            key: 'from',
            title: t.from,
            render: ({ from }) => <When at={from} />,
            value: ({ from }) => from,
            sortable: true,
          },
        ]}
      />
    </Card>
  );
}

function Lines({ of }: { readonly of: string }) {
  return of.split('\n').map((line) => <div key={line}>{line}</div>);
}
