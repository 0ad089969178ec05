import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { AdjustmentPage } from './adjustment-page.tsx';
import { AdjustmentsPage } from './adjustments-page.tsx';

export default function Adjustments() {
  return (
    <Switch>
      <Route path="/">
        <AdjustmentsPage />
      </Route>
      <Route path="/:id">{({ id }) => <AdjustmentPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
