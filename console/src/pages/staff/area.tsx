import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { InvitePage } from './invite-page.tsx';
import { PersonPage } from './person-page.tsx';
import { StaffPage } from './staff-page.tsx';

/** Who works here, and what they may. */
export default function StaffArea() {
  return (
    <Switch>
      <Route path="/">
        <StaffPage />
      </Route>
      <Route path="/new">
        <InvitePage />
      </Route>
      <Route path="/:id">{({ id }) => <PersonPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
