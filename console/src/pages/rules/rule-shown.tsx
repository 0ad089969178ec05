import { useWords } from '@hongmi/ui/language.ts';
import { Facts } from '../../design/page.tsx';
import { When } from '../../design/values.tsx';
import { Actor } from '../../design/who.tsx';
import { ruleInWords } from './in-words.ts';
import { pageWords } from './page-words.ts';
import type { RuleVersion } from './rule.ts';
import { useTongue } from './tongue.ts';
import { words } from './words.ts';

/** What a version says, since when, and who published it. */
export function RuleShown({ version }: { readonly version: RuleVersion }) {
  const t = useWords(words);
  const p = useWords(pageWords);
  const { body, number, from, until, publishedBy, noticeDays } = version;
  const lines = ruleInWords(body, useTongue());
  return (
    <>
      {body.description === undefined ? null : <p>{body.description}</p>}
      <ul className="hm-said">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Facts
        rows={[
          [p.version, number],
          [p.since, from === null ? null : <When key="from" at={from} />],
          [p.until, until === null ? null : <When key="until" at={until} />],
          [p.publishedBy, publishedBy === null ? null : <Actor key="by" id={publishedBy} />],
          [p.notice, noticeDays === null ? null : noticeDays],
        ]}
      />
      <details>
        <summary>{t.json}</summary>
        <pre className="hm-source hm-code">{JSON.stringify(body, null, 2)}</pre>
      </details>
    </>
  );
}
