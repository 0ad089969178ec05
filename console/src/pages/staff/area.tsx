import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { StaffPage } from './staff-page.tsx';

const InvitePage = later(() => import('./invite-page.tsx'), 'InvitePage');
const PersonPage = later(() => import('./person-page.tsx'), 'PersonPage');

/** Who works here, and what they may. */
export default function StaffArea() {
  return (
    <Switch>
      <Route path="/">
        <StaffPage />
      </Route>
      <Route path="/new">
        <Allowed to="staff:write">
          <InvitePage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <PersonPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
