import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { PointsPage } from './points-page.tsx';

const TrailPage = later(() => import('./trail-page.tsx'), 'TrailPage');

export default function PointsArea() {
  return (
    <Switch>
      <Route path="/">
        <PointsPage />
      </Route>
      <Route path="/lots/:id">{({ id }) => <TrailPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
