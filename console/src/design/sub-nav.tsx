import { Link, useLocation } from 'wouter';
import './sub-nav.css';

interface Entry {
  readonly path: string;
  readonly name: string;
  /** Where pages of this one live besides. */
  readonly also?: string;
}

/** The pages of an area beside each other. Addresses are relative to the area. */
export function SubNav({
  label,
  entries,
}: {
  readonly label: string;
  readonly entries: readonly Entry[];
}) {
  const [here] = useLocation();
  const isBelow = (path: string): boolean => here === path || here.startsWith(`${path}/`);
  const fits = ({ path, also }: Entry): boolean =>
    (path === '/' ? here === '/' : isBelow(path)) || (also !== undefined && isBelow(also));
  return (
    <nav className="hm-subnav" aria-label={label}>
      {entries.map((each) => (
        <Link key={each.path} href={each.path} aria-current={fits(each) ? 'page' : undefined}>
          {each.name}
        </Link>
      ))}
    </nav>
  );
}
