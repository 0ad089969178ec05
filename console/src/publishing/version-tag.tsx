import { useWords } from '@hongmi/ui/language.ts';
import { useToday } from '../app/programme.tsx';
import { Tag } from '../design/tag.tsx';
import { None } from '../design/values.tsx';
import type { Family } from './family.ts';
import {
  foremost,
  type Published,
  type Season,
  seasonOf,
  VERSION_TONES,
  type VersionState,
  versionWords,
} from './version.ts';

export function VersionTag({ state }: { readonly state: VersionState | Season }) {
  const t = useWords(versionWords);
  return <Tag tone={VERSION_TONES[state]}>{t[state]}</Tag>;
}

/** The state of what items are about, today: of what is in force but for other days, that. Undefined of what has no version. */
export function useStateOf<Body extends object, Item extends Published<Body>>({
  days,
}: Family<Body, Item>): (item: Published<Body>) => VersionState | Season | undefined {
  const today = useToday();
  return (item) => {
    const version = foremost(item);
    if (version?.state !== 'in_force' || today === undefined) return version?.state;
    return seasonOf(days?.(version.body), today) ?? version.state;
  };
}

/** The state of what an item is about, and that there is a draft beside it. */
export function StateTags<Body extends object, Item extends Published<Body>>({
  item,
  family,
}: {
  readonly item: Published<Body>;
  readonly family: Family<Body, Item>;
}) {
  const state = useStateOf(family)(item);
  if (state === undefined) return <None />;
  return (
    <span className="hm-actions">
      <VersionTag state={state} />
      {item.draft !== null && state !== 'draft' ? <VersionTag state="draft" /> : null}
    </span>
  );
}
