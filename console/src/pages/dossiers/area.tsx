import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { DossiersPage } from './dossiers-page.tsx';

const NewDossierPage = later(() => import('./new-dossier-page.tsx'), 'NewDossierPage');
const RequirementPage = later(() => import('./requirement-page.tsx'), 'RequirementPage');
const DossierPage = later(() => import('./dossier-page.tsx'), 'DossierPage');

/** What those who issue points have shown of themselves. */
export default function DossiersArea() {
  return (
    <Switch>
      <Route path="/">
        <DossiersPage />
      </Route>
      <Route path="/new">
        <Allowed to="dossiers:write">
          <NewDossierPage />
        </Allowed>
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
