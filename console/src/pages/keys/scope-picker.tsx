import { useWords } from '@hongmi/ui/language.ts';
import { Checkbox } from 'antd';
import type { Scope } from '../../app/session.ts';
import { partsOf, type Resource, scopeWords } from './scope-words.ts';

/** Scopes by what they are about, to be ticked. For a `Form.Item`. */
export function ScopePicker({
  offered,
  value = [],
  onChange,
}: {
  readonly offered: readonly Scope[];
  readonly value?: readonly Scope[];
  readonly onChange?: (value: readonly Scope[]) => void;
}) {
  const t = useWords(scopeWords);
  const ticked = new Set(value);
  const toggle = (scope: Scope, isOn: boolean): void => {
    const next = new Set(ticked);
    if (isOn) next.add(scope);
    else next.delete(scope);
    onChange?.(offered.filter((each) => next.has(each)));
  };
  return (
    <div className="hm-columns">
      {[...byResource(offered)].map(([resource, scopes]) => (
        <fieldset key={resource} className="hm-fieldset">
          <legend>{t.resources[resource]}</legend>
          {scopes.map((scope) => (
            <Checkbox
              key={scope}
              checked={ticked.has(scope)}
              onChange={({ target }) => toggle(scope, target.checked)}
            >
              {t.actions[partsOf(scope)[1]]}
            </Checkbox>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function byResource(scopes: readonly Scope[]): ReadonlyMap<Resource, readonly Scope[]> {
  const found = new Map<Resource, Scope[]>();
  for (const scope of scopes) {
    const [resource] = partsOf(scope);
    found.set(resource, [...(found.get(resource) ?? []), scope]);
  }
  return found;
}

/** Scopes in words, as they were given. */
export function ScopeList({ scopes }: { readonly scopes: readonly string[] }) {
  const t = useWords(scopeWords);
  return (
    <ul className="hm-plain-list">
      {[...byResource(scopes as Scope[])].map(([resource, of]) => (
        <li key={resource}>
          {t.resources[resource] ?? resource}
          {': '}
          <span className="hm-soft">
            {of.map((scope) => t.actions[partsOf(scope)[1]] ?? scope).join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
