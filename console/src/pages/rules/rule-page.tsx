import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { ItemPage } from '../../publishing/item-page.tsx';
import { listWords } from './list-words.ts';
import { ProofFlaw, ProofPicker } from './proof.tsx';
import { proofWords } from './proof-words.ts';
import { RuleShown } from './rule-shown.tsx';
import { rules } from './rules.ts';
import { tryWords } from './try-words.ts';

const RuleEditor = laterPart(() => import('./rule-editor.tsx'), 'RuleEditor');
const ExamineTab = laterPart(() => import('./examine-tab.tsx'), 'ExamineTab');
const SimulateTab = laterPart(() => import('./simulate-tab.tsx'), 'SimulateTab');

/** One rule: what it says, trying it, simulating it, publishing it, and all that ever was. */
export function RulePage({ id }: { readonly id: string }) {
  const t = useWords(listWords);
  const { tabs } = useWords(tryWords);
  const { reasons } = useWords(proofWords);
  return (
    <ItemPage
      id={id}
      family={rules}
      list={t.title}
      nameOf={({ name }) => name}
      shown={RuleShown}
      editor={RuleEditor}
      reasons={reasons}
      tabs={(rule) => [
        { key: 'try', label: tabs.try, children: <ExamineTab rule={rule} /> },
        { key: 'simulate', label: tabs.simulate, children: <SimulateTab rule={rule} /> },
      ]}
      proof={{ picker: ProofPicker, flaw: ProofFlaw }}
    />
  );
}
