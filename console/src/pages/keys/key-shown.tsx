import { useWords } from '@hongmi/ui/language.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { Merchant } from '../../design/who.tsx';
import { type ApiKey, type KeyState, stateOf } from './key-state.ts';
import { words } from './words.ts';

const TONES: Readonly<Record<KeyState, Tone>> = {
  active: 'good',
  changing: 'info',
  revoked: 'bad',
  expired: 'plain',
};

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
