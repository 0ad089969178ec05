import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { RewardsPage } from './rewards-page.tsx';

const NewRewardPage = later(() => import('./new-reward-page.tsx'), 'NewRewardPage');
const RewardPage = later(() => import('./reward-page.tsx'), 'RewardPage');

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
