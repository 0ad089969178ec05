import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { SettingsPage } from './settings-page.tsx';

/** How a programme works. */
export default function SettingsArea() {
  return (
    <Switch>
      <Route path="/">
        <SettingsPage />
      </Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
