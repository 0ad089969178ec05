import { useWords } from '@hongmi/ui/language.ts';
import { Tag } from '../design/tag.tsx';
import { VERSION_TONES, type VersionState, versionWords } from './version.ts';

export function VersionTag({ state }: { readonly state: VersionState }) {
  const t = useWords(versionWords);
  return <Tag tone={VERSION_TONES[state]}>{t[state]}</Tag>;
}
