import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { MembersPage } from './members-page.tsx';

const AdjustPage = later(() => import('./adjust-page.tsx'), 'AdjustPage');
const LotPage = later(() => import('./lot-page.tsx'), 'LotPage');
const MemberPage = later(() => import('./member-page.tsx'), 'MemberPage');

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
