import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

export type ApiKey = components['schemas']['ApiKey'];
export type KeyState = 'active' | 'changing' | 'revoked' | 'expired';

const TONES: Readonly<Record<KeyState, Tone>> = {
  active: 'good',
  changing: 'info',
  revoked: 'bad',
  expired: 'plain',
};

const isPast = (at: string | null, now: number): boolean => at !== null && Date.parse(at) <= now;

/** How a key stands at an instant, in milliseconds. */
export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (isPast(key.expiresAt, now)) return 'expired';
  const overlaps = key.previousUntil !== null && !isPast(key.previousUntil, now);
  return overlaps ? 'changing' : 'active';
}

export function StateTag({ apiKey }: { readonly apiKey: ApiKey }) {
  const t = useWords(words);
  const state = stateOf(apiKey, Date.now());
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

/** What a key reaches: a merchant, a programme, or everything. */
export function Reach({ apiKey }: { readonly apiKey: ApiKey }) {
  const t = useWords(words);
  const programmes = useProgrammes();
  if (apiKey.merchantId !== null) return <Merchant id={apiKey.merchantId} />;
  if (apiKey.programme === null) return <span>{t.platform}</span>;
  return (
    <span>
      {programmes.find(({ code }) => code === apiKey.programme)?.name ?? apiKey.programme}
    </span>
  );
}
