import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { AuditPage } from './audit-page.tsx';

/** Who did what. */
export default function AuditArea() {
  return (
    <Switch>
      <Route path="/">
        <AuditPage />
      </Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
