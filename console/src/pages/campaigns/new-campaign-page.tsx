import { useWords } from '@hongmi/ui/language.ts';
import { NewPage } from '../../publishing/new-page.tsx';
import { CampaignEditor } from './campaign-editor.tsx';
import { campaigns } from './campaigns.ts';
import { words } from './words.ts';

export function NewCampaignPage() {
  return <NewPage family={campaigns} words={useWords(words)} editor={CampaignEditor} />;
}
