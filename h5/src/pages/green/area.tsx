import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { GreenPage } from './green-page.tsx';

const SavingPage = later(() => import('./saving-page.tsx'), 'SavingPage');

export default function GreenArea() {
  return (
    <Switch>
      <Route path="/">
        <GreenPage />
      </Route>
      <Route path="/:id">{({ id }) => <SavingPage id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
