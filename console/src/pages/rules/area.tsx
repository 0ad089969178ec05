import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { NewRulePage } from './new-rule-page.tsx';
import { RulePage } from './rule-page.tsx';
import { RulesPage } from './rules-page.tsx';
import './rules.css';

export default function Rules() {
  return (
    <Switch>
      <Route path="/">
        <RulesPage />
      </Route>
      <Route path="/new">
        <NewRulePage />
      </Route>
      <Route path="/:id">{({ id }) => <RulePage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
