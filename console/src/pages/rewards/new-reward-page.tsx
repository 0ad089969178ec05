import { useWords } from '@hongmi/ui/language.ts';
import { NewPage } from '../../publishing/new-page.tsx';
import { RewardEditor } from './reward-editor.tsx';
import { rewards } from './rewards.ts';
import { words } from './words.ts';

export function NewRewardPage() {
  return <NewPage family={rewards} words={useWords(words)} editor={RewardEditor} />;
}
