import { useWords } from '@hongmi/ui/language.ts';
import { ListPage } from '../../publishing/list-page.tsx';
import { givesInWords } from './in-words.ts';
import { rules } from './rules.ts';
import { useTongue } from './tongue.ts';
import { words } from './words.ts';

export function RulesPage() {
  const t = useWords(words);
  const tongue = useTongue();
  return (
    <ListPage
      family={rules}
      words={t}
      nameOf={({ name }) => name}
      columns={[
        {
          key: 'gives',
          title: t.gives,
          render: (body) => givesInWords(body, tongue),
          value: (body) => givesInWords(body, tongue),
        },
        {
          key: 'on',
          title: t.on,
          sortable: true,
          render: ({ on }) => t.ons[on],
          value: ({ on }) => on,
        },
      ]}
    />
  );
}
