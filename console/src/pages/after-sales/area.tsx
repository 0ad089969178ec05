import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { CancellationPage } from './cancellation-page.tsx';
import { CasePage } from './case-page.tsx';
import { CasesPage } from './cases-page.tsx';
import { NewCancellationPage } from './new-cancellation-page.tsx';

export default function AfterSales() {
  return (
    <Switch>
      <Route path="/">
        <CasesPage />
      </Route>
      <Route path="/supplier-cancellations/new">
        <NewCancellationPage />
      </Route>
      <Route path="/supplier-cancellations/:id">
        {({ id }) => <CancellationPage key={id} id={id} />}
      </Route>
      <Route path="/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
