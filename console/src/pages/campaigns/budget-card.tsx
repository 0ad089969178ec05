import { useWords } from '@hongmi/ui/language.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Points } from '../../design/values.tsx';
import type { Promotion } from './terms-values.ts';
import { words } from './words.ts';

type Budget = NonNullable<Promotion['budget']>;

/** How many points may be forgone, were, and still may be. */
export function BudgetCard({ budget }: { readonly budget: Budget }) {
  const t = useWords(words);
  const names = usePointTypeNames();
  return (
    <Card title={t.budgetPoints} flush>
      <PlainTable<Budget[number]>
        label={t.budget}
        rows={budget}
        rowKey={({ pointType }) => pointType}
        columns={[
          {
            key: 'type',
            title: t.pointType,
            render: ({ pointType }) => names.get(pointType) ?? pointType,
          },
          ...(['points', 'spent', 'left'] as const).map((key) => ({
            key,
            title: key === 'points' ? t.budget : t[key],
            align: 'right' as const,
            render: (row: Budget[number]) => <Points value={row[key]} />,
          })),
        ]}
      />
    </Card>
  );
}
