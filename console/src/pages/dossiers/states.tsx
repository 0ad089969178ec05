import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Tag, type Tone } from '../../design/tag.tsx';
import { words } from './words.ts';

export type Dossier = components['schemas']['Dossier'];
export type Kind = Dossier['kind'];
export type Alert = components['schemas']['DossierAlert'];

export const KINDS: readonly Kind[] = ['credit_certification', 'third_party_assessment', 'filing'];

const TONES: Record<Alert['level'], Tone> = {
  days_30: 'info',
  days_7: 'warn',
  days_1: 'bad',
  lapsed: 'bad',
  missing: 'bad',
};

export function LevelTag({ level }: { readonly level: Alert['level'] }) {
  const t = useWords(words);
  return <Tag tone={TONES[level]}>{t.levels[level]}</Tag>;
}

/** Whether a document counts now: by its days and by its state. */
export function ValidTag({ dossier }: { readonly dossier: Pick<Dossier, 'valid' | 'status'> }) {
  const t = useWords(words);
  if (dossier.status !== 'valid')
    return (
      <Tag tone={dossier.status === 'revoked' ? 'bad' : 'warn'}>{t.statuses[dossier.status]}</Tag>
    );
  return <Tag tone={dossier.valid ? 'good' : 'bad'}>{dossier.valid ? t.valid : t.invalid}</Tag>;
}
