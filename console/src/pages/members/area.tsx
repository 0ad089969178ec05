import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { AdjustPage } from './adjust-page.tsx';
import { LotPage } from './lot-page.tsx';
import { MemberPage } from './member-page.tsx';
import { MembersPage } from './members-page.tsx';

export default function Members() {
  return (
    <Switch>
      <Route path="/">
        <MembersPage />
      </Route>
      <Route path="/:id/adjust">{({ id }) => <AdjustPage key={id} id={id} />}</Route>
      <Route path="/:id/lots/:lot">
        {({ id, lot }) => <LotPage key={lot} member={id} id={lot} />}
      </Route>
      <Route path="/:id">{({ id }) => <MemberPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
