import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { AdjustmentsPage } from './adjustments-page.tsx';

const AdjustmentPage = later(() => import('./adjustment-page.tsx'), 'AdjustmentPage');

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
