import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { KeysPage } from './keys-page.tsx';

const KeyPage = later(() => import('./key-page.tsx'), 'KeyPage');
const NewKeyPage = later(() => import('./new-key-page.tsx'), 'NewKeyPage');

/** What systems come in by. */
export default function KeysArea() {
  return (
    <Switch>
      <Route path="/">
        <KeysPage />
      </Route>
      <Route path="/new">
        <Allowed to="keys:write">
          <NewKeyPage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <KeyPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
