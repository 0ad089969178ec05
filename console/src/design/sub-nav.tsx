import { Link, useLocation } from 'wouter';
import './sub-nav.css';

/** The pages of an area beside each other. Addresses are relative to the area; the longest that fits is where one is. */
export function SubNav({
  label,
  entries,
}: {
  readonly label: string;
  readonly entries: readonly { readonly path: string; readonly name: string }[];
}) {
  const [here] = useLocation();
  const fits = ({ path }: { readonly path: string }): boolean =>
    path === '/' ? here === '/' : here === path || here.startsWith(`${path}/`);
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
