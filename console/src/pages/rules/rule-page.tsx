import { useWords } from '@hongmi/ui/language.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { ExamineTab } from './examine-tab.tsx';
import { listWords } from './list-words.ts';
import { ProofFlaw, ProofPicker } from './proof.tsx';
import { proofWords } from './proof-words.ts';
import { RuleEditor } from './rule-editor.tsx';
import { RuleShown } from './rule-shown.tsx';
import { rules } from './rules.ts';
import { SimulateTab } from './simulate-tab.tsx';
import { tryWords } from './try-words.ts';

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
