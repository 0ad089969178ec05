import { useWords } from '@hongmi/ui/language.ts';
import { NewPage } from '../../publishing/new-page.tsx';
import { listWords } from './list-words.ts';
import { RuleEditor } from './rule-editor.tsx';
import { rules } from './rules.ts';

export function NewRulePage() {
  return <NewPage family={rules} words={useWords(listWords)} editor={RuleEditor} />;
}
