import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { RewardsPage } from './rewards-page.tsx';

export default function RewardsArea() {
  return (
    <Switch>
      <Route path="/">
        <RewardsPage />
      </Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
