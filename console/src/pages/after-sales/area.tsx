import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { CasesPage } from './cases-page.tsx';

const CancellationPage = later(() => import('./cancellation-page.tsx'), 'CancellationPage');
const CasePage = later(() => import('./case-page.tsx'), 'CasePage');
const NewCancellationPage = later(
  () => import('./new-cancellation-page.tsx'),
  'NewCancellationPage',
);

export default function AfterSales() {
  return (
    <Switch>
      <Route path="/">
        <CasesPage />
      </Route>
      <Route path="/supplier-cancellations/new">
        <Allowed to="after-sales:answer">
          <NewCancellationPage />
        </Allowed>
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
