import { useWords } from '@hongmi/ui/language.ts';
import { NewPage } from '../../publishing/new-page.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { rules } from './rules.ts';
import { words } from './words.ts';

export function NewRulePage() {
  return <NewPage family={rules} words={useWords(words)} editor={RuleEditor} />;
}
