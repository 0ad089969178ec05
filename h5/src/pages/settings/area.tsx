import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { SettingsPage } from './settings-page.tsx';

const PrivacyPage = later(() => import('./privacy-page.tsx'), 'PrivacyPage');
const SessionsPage = later(() => import('./sessions-page.tsx'), 'SessionsPage');

export default function SettingsArea() {
  return (
    <Switch>
      <Route path="/">
        <SettingsPage />
      </Route>
      <Route path="/privacy">
        <PrivacyPage />
      </Route>
      <Route path="/sessions">
        <SessionsPage />
      </Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
