import { type Explained, explain, explanationWords } from '@hongmi/sdk/explanation';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { useMemo } from 'react';
import { Tag } from '../../design/tag.tsx';
import { Code, None } from '../../design/values.tsx';
import { tryWords } from './try-words.ts';

/** What every rule made of a purchase or activity: what it gave and how, or the first condition that failed. */
export function OutcomeShown({
  explained,
  code: own,
}: {
  readonly explained: Explained;
  /** The rule that this page is about. */
  readonly code: string;
}) {
  const t = useWords(tryWords);
  const f = useFormat();
  const language = useLanguage();
  const { rules, nothing } = useMemo(
    () => explain(explained, explanationWords(language)),
    [explained, language],
  );
  if (rules.length === 0) return <p>{t.none}</p>;
  return (
    <section aria-label={t.outcome}>
      <table className="hm-outcomes">
        <thead>
          <tr>
            <th scope="col">{t.gave}</th>
            <th scope="col">{t.rule}</th>
            <th scope="col">{t.why}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ ruleVersionId, name, code, fired, points, why }) => (
            <tr key={ruleVersionId ?? 'ratio'}>
              <td className="hm-number">
                {fired ? <strong>{f.signed(points)}</strong> : <None />}
              </td>
              <td>
                {name} {code === null ? null : <Code>{code}</Code>}{' '}
                {code === own ? <Tag tone="brand">{t.thisOne}</Tag> : null}
              </td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {nothing === null ? null : <p>{t.nothing(nothing)}</p>}
    </section>
  );
}
