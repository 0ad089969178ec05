import type { RuleBody } from './body-values.ts';
import { ruleInWords } from './in-words.ts';
import { useTongue } from './tongue.ts';
import '../../publishing/publishing.css';

/** What a rule says, in words. */
export function RuleShown({ body }: { readonly body: RuleBody }) {
  const lines = ruleInWords(body, useTongue());
  return (
    <>
      {body.description === undefined ? null : <p>{body.description}</p>}
      <ul className="hm-said">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
