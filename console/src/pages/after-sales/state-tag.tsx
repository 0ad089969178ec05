import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useProgramme } from '../../app/programme.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { None, When } from '../../design/values.tsx';
import { type CaseState, urgencyOf } from './case-rules.ts';
import { words } from './words.ts';

const TONES: Readonly<Record<CaseState, Tone>> = {
  opened: 'warn',
  accepted: 'info',
  sent: 'warn',
  received: 'warn',
  escalated: 'brand',
  refused: 'plain',
  settling: 'info',
  refunded: 'good',
  exchanged: 'good',
  mended: 'good',
  dismissed: 'plain',
  withdrawn: 'plain',
};

export function StateTag({ state }: { readonly state: CaseState }) {
  const t = useWords(words);
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

/** When a case moves by itself, and how near that is. */
export function Due({ at }: { readonly at: string | null }) {
  const t = useWords(words);
  const f = useFormat();
  const now = useProgramme()?.now;
  if (at === null) return <None />;
  const urgency = now === undefined ? 'later' : urgencyOf(at, now);
  return (
    <>
      <When at={at} dayOnly />{' '}
      {urgency === 'later' ? (
        <span className="hm-soft">
          {f.relative(at, now === undefined ? undefined : Date.parse(now))}
        </span>
      ) : (
        <Tag tone={urgency === 'past' ? 'bad' : 'warn'}>{t.due[urgency]}</Tag>
      )}
    </>
  );
}
