import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { PlainTable } from '../design/table.tsx';
import { None } from '../design/values.tsx';
import { type Difference, differences } from './difference.ts';

const words = wordsOf({
  zh: { label: '差异', where: '位置', before: '之前', after: '之后', same: '内容相同' },
  en: {
    label: 'Differences',
    where: 'Where',
    before: 'Before',
    after: 'After',
    same: 'They say the same',
  },
});

/** What differs between two bodies, side by side. */
export function DifferencesShown({
  before,
  after,
}: {
  readonly before: unknown;
  readonly after: unknown;
}) {
  const t = useWords(words);
  const found = differences(before, after);
  if (found.length === 0) return <p className="hm-soft">{t.same}</p>;
  return (
    <PlainTable<Difference>
      label={t.label}
      rows={found}
      rowKey={({ path }) => path}
      columns={[
        {
          key: 'path',
          title: t.where,
          render: ({ path }) => <span className="hm-code">{path}</span>,
        },
        { key: 'before', title: t.before, render: (each) => <Value value={each.before} /> },
        { key: 'after', title: t.after, render: (each) => <Value value={each.after} /> },
      ]}
    />
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (value === undefined) return <None />;
  return (
    <span className="hm-code">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
  );
}
