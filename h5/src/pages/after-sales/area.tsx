import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { CasePage } from './case-page.tsx';
import { CasesPage } from './cases-page.tsx';

const NewCasePage = later(() => import('./new-case-page.tsx'), 'NewCasePage');

export default function AfterSalesArea() {
  return (
    <Switch>
      <Route path="/">
        <CasesPage />
      </Route>
      <Route path="/new/:id">{({ id }) => <NewCasePage id={id} />}</Route>
      <Route path="/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
