import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
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
        <Allowed to="rewards:write">
          <NewRewardPage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <RewardPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
