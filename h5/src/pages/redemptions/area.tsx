import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { RedemptionsPage } from './redemptions-page.tsx';

const RedemptionPage = later(() => import('./redemption-page.tsx'), 'RedemptionPage');
const MovePage = later(() => import('./move-page.tsx'), 'MovePage');
const RecipientPage = later(() => import('./recipient-page.tsx'), 'RecipientPage');

export default function RedemptionsArea() {
  return (
    <Switch>
      <Route path="/">
        <RedemptionsPage />
      </Route>
      <Route path="/:id/move">{({ id }) => <MovePage id={id} />}</Route>
      <Route path="/:id/recipient">{({ id }) => <RecipientPage id={id} />}</Route>
      <Route path="/:id">{({ id }) => <RedemptionPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
