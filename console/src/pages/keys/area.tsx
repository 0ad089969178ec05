import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { KeyPage } from './key-page.tsx';
import { KeysPage } from './keys-page.tsx';
import { NewKeyPage } from './new-key-page.tsx';

/** What systems come in by. */
export default function KeysArea() {
  return (
    <Switch>
      <Route path="/">
        <KeysPage />
      </Route>
      <Route path="/new">
        <NewKeyPage />
      </Route>
      <Route path="/:id">{({ id }) => <KeyPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
