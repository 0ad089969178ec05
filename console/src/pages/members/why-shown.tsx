import { type Explained, explain, explanationWords } from '@hongmi/sdk/explanation';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Tag } from '../../design/tag.tsx';
import { Points } from '../../design/values.tsx';
import { words } from './words.ts';

/** Why an order or an activity gave its points: what each rule made of it, and the first condition that failed of the others. */
export function WhyShown({
  source: { kind, id },
}: {
  readonly source: { readonly kind: string; readonly id: string };
}) {
  const t = useWords(words);
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['explanation', id],
    queryFn: ({ signal }): Promise<Explained> =>
      kind === 'order'
        ? hongmi.explainOrder({ id }, { signal })
        : hongmi.explainActivity({ id }, { signal }),
  });
  return (
    <section aria-label={t.why}>
      <h2 className="hm-part">{t.why}</h2>
      <Loaded query={query} rows={2}>
        {(told) => {
          const { rules, nothing } = explain(told, explanationWords(language));
          return (
            <>
              {rules.length === 0 ? <p className="hm-soft">{t.whyNone}</p> : null}
              <ul className="hm-plain-list">
                {rules.map(({ name, code, ruleVersionId, fired, points, why }) => (
                  <li key={ruleVersionId ?? code ?? name}>
                    {fired ? (
                      <Tag tone="good">
                        <Points value={points} signed />
                      </Tag>
                    ) : (
                      <Tag>–</Tag>
                    )}{' '}
                    <strong>{name}</strong> <span className="hm-soft">{why}</span>
                  </li>
                ))}
              </ul>
              {nothing === null ? null : (
                <p>
                  {t.gaveNothing}: {nothing}
                </p>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
