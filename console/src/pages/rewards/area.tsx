import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { NewRewardPage } from './new-reward-page.tsx';
import { RewardPage } from './reward-page.tsx';
import { RewardsPage } from './rewards-page.tsx';

export default function Rewards() {
  return (
    <Switch>
      <Route path="/">
        <RewardsPage />
      </Route>
      <Route path="/new">
        <NewRewardPage />
      </Route>
      <Route path="/:id">{({ id }) => <RewardPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
