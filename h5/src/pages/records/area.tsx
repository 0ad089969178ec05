import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { RecordsPage } from './records-page.tsx';

const OrderPage = later(() => import('./order-page.tsx'), 'OrderPage');
const ActivityPage = later(() => import('./activity-page.tsx'), 'ActivityPage');

export default function RecordsArea() {
  return (
    <Switch>
      <Route path="/">
        <RecordsPage />
      </Route>
      <Route path="/orders/:id">{({ id }) => <OrderPage id={id} />}</Route>
      <Route path="/activities/:id">{({ id }) => <ActivityPage id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
