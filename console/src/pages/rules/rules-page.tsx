import { givesInWords } from '@hongmi/ui/gives-in-words.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { ListPage } from '../../publishing/list-page.tsx';
import { useGivesTongue } from './gives-tongue.ts';
import { listWords } from './list-words.ts';
import { rules } from './rules.ts';

export function RulesPage() {
  const t = useWords(listWords);
  const tongue = useGivesTongue();
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
          render: ({ on }) => tongue.g.ons[on],
          value: ({ on }) => on,
        },
      ]}
    />
  );
}
