import { useWords } from '@hongmi/ui/language.ts';
import { When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import type { Case } from './case-rules.ts';
import { StateTag } from './state-tag.tsx';
import { words } from './words.ts';
import './case-history.css';

/** Who did what, when and why, the newest at the end. */
export function CaseHistory({ steps }: { readonly steps: Case['history'] }) {
  const t = useWords(words);
  const names: Readonly<Record<string, string>> = t.steps;
  return (
    <ol className="hm-steps">
      {steps.map(({ step, state, at, byKey, actor, reason, note }) => (
        <li key={`${at} ${step}`}>
          <div>
            <strong>{names[step] ?? step}</strong> <StateTag state={state} />
          </div>
          <div className="hm-soft">
            <When at={at} /> · {byKey === null ? t.byTime : (actor ?? <Actor id={byKey} />)}
          </div>
          {reason === null ? null : <div>{t.refusals[reason]}</div>}
          {note === null ? null : <div className="hm-text">{note}</div>}
        </li>
      ))}
    </ol>
  );
}
