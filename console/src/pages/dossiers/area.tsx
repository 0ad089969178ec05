import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { DossierPage } from './dossier-page.tsx';
import { DossiersPage } from './dossiers-page.tsx';
import { NewDossierPage } from './new-dossier-page.tsx';
import { RequirementPage } from './requirement-page.tsx';

/** What those who issue points have shown of themselves. */
export default function DossiersArea() {
  return (
    <Switch>
      <Route path="/">
        <DossiersPage />
      </Route>
      <Route path="/new">
        <NewDossierPage />
      </Route>
      <Route path="/requirement">
        <RequirementPage />
      </Route>
      <Route path="/:id">{({ id }) => <DossierPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
