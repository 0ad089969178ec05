import { later } from '@hongmi/ui/later.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { RewardsPage } from './rewards-page.tsx';
import './rewards.css';

const RewardPage = later(() => import('./reward-page.tsx'), 'RewardPage');
const RedeemPage = later(() => import('./redeem-page.tsx'), 'RedeemPage');

export default function RewardsArea() {
  return (
    <Suspense fallback={<Skeleton rows={8} />}>
      <Switch>
        <Route path="/">
          <RewardsPage />
        </Route>
        <Route path="/:id">{({ id }) => <RewardPage id={id} />}</Route>
        <Route path="/:id/redeem">{({ id }) => <RedeemPage id={id} />}</Route>
        <Route>
          <NotHere />
        </Route>
      </Switch>
    </Suspense>
  );
}
