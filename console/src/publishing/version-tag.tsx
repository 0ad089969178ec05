import { useWords } from '@hongmi/ui/language.ts';
import { Tag } from '../design/tag.tsx';
import { None } from '../design/values.tsx';
import {
  foremost,
  type Published,
  VERSION_TONES,
  type VersionState,
  versionWords,
} from './version.ts';

export function VersionTag({ state }: { readonly state: VersionState }) {
  const t = useWords(versionWords);
  return <Tag tone={VERSION_TONES[state]}>{t[state]}</Tag>;
}

/** The state of what an item is about, and that there is a draft beside it. */
export function StateTags({ item }: { readonly item: Published<unknown> }) {
  const version = foremost(item);
  if (version === null) return <None />;
  return (
    <span className="hm-actions">
      <VersionTag state={version.state} />
      {item.draft !== null && version.state !== 'draft' ? <VersionTag state="draft" /> : null}
    </span>
  );
}
