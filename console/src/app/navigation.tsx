import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Menu, type MenuProps } from 'antd';
import { Link, useLocation } from 'wouter';
import { fetchPagesAt } from './area-pages.ts';
import { AREAS, areaAt, areaWords, GROUPS, groupWords } from './areas.ts';
import { ICONS } from './icons.tsx';
import { useSession } from './session.ts';

const words = wordsOf({ zh: { label: '主导航' }, en: { label: 'Main navigation' } });

/** The areas that the person may enter. */
export function Navigation({ isNarrow }: { readonly isNarrow: boolean }) {
  const t = useWords(words);
  const names = useWords(areaWords);
  const groups = useWords(groupWords);
  const [path] = useLocation();
  const own = new Set<string>(useSession().scopes);
  const open = AREAS.filter(
    ({ scopes }) => scopes.length === 0 || scopes.some((each) => own.has(each)),
  );
  const items = GROUPS.flatMap((group): NonNullable<MenuProps['items']> => {
    const entries = open
      .filter((each) => each.group === group)
      .map((each) => {
        const Icon = ICONS[each.name];
        return {
          key: each.path,
          icon: <Icon />,
          label: (
            <Link
              href={each.path}
              onMouseEnter={() => fetchPagesAt(each.path)}
              onFocus={() => fetchPagesAt(each.path)}
            >
              {names[each.name]}
            </Link>
          ),
          title: names[each.name],
        };
      });
    if (entries.length === 0) return [];
    if (groups[group] === '' || isNarrow) return entries;
    return [{ type: 'group', key: group, label: groups[group], children: entries }];
  });
  return (
    <nav aria-label={t.label}>
      <Menu
        mode="inline"
        inlineCollapsed={isNarrow}
        selectedKeys={[areaAt(path)?.path ?? '']}
        items={items}
        style={{ borderInlineEnd: 0 }}
      />
    </nav>
  );
}
