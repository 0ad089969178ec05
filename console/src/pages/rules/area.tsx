import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { RulesPage } from './rules-page.tsx';
import './rules.css';

const NewRulePage = later(() => import('./new-rule-page.tsx'), 'NewRulePage');
const RulePage = later(() => import('./rule-page.tsx'), 'RulePage');

export default function Rules() {
  return (
    <Switch>
      <Route path="/">
        <RulesPage />
      </Route>
      <Route path="/new">
        <Allowed to="rules:write">
          <NewRulePage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <RulePage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
