import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { AREAS, areaWords } from '../../app/areas.ts';
import { ICONS } from '../../app/icons.tsx';
import { useSession } from '../../app/session.ts';

/** Where the person may go, for those whose work is not in the figures. */
export function Places() {
  const names = useWords(areaWords);
  const own = new Set<string>(useSession().scopes);
  const open = AREAS.filter(
    ({ path, scopes }) => path !== '/' && scopes.some((each) => own.has(each)),
  );
  return (
    <ul className="hm-places">
      {open.map(({ path, name }) => {
        const Icon = ICONS[name];
        return (
          <li key={path}>
            <Link href={path} className="hm-card">
              <Icon />
              {names[name]}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
