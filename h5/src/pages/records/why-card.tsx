import { type Explained, explain, explanationWords } from '@hongmi/sdk/explanation';
import { useFormat } from '@hongmi/ui/format.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { type QueryKey, useQuery } from '@tanstack/react-query';
import { Card } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';
import { words } from './words.ts';

/** Why there were points, rule by rule; and why there were none. */
export function WhyCard({
  queryKey,
  load,
}: {
  readonly queryKey: QueryKey;
  readonly load: (signal: AbortSignal) => Promise<Explained>;
}) {
  const t = useWords(words);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => load(signal) });
  return (
    <Card title={t.whyTitle}>
      <Loaded query={query} rows={4}>
        {(told) => <Why told={told} />}
      </Loaded>
    </Card>
  );
}

function Why({ told }: { readonly told: Explained }) {
  const t = useWords(words);
  const f = useFormat();
  const { rules, nothing } = explain(told, explanationWords(useLanguage()));
  const gave = rules.filter(({ fired }) => fired);
  const others = rules.filter(({ fired }) => !fired);
  return (
    <div className="hm-stack">
      {nothing === null ? null : <Notice title={t.zero}>{nothing}</Notice>}
      {rules.length === 0 && nothing === null ? <p className="hm-soft">{t.noRules}</p> : null}
      <RuleList rules={gave} />
      {others.length === 0 ? null : (
        // When nothing was given, what the others missed is what one wants to know.
        <details open={gave.length === 0}>
          <summary>{t.others(f.number(others.length))}</summary>
          <RuleList rules={others} />
        </details>
      )}
    </div>
  );
}

function RuleList({ rules }: { readonly rules: ReturnType<typeof explain>['rules'] }) {
  return (
    <ul>
      {rules.map(({ name, code, ruleVersionId, fired, points, pointType, why }) => (
        <li key={ruleVersionId ?? code ?? name} className="hm-why-rule">
          <div>
            <strong>{name}</strong>
            <p className="hm-soft">{why}</p>
          </div>
          {fired ? (
            <span className="hm-change" data-sign="1">
              <Points value={points} type={pointType} signed />
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
