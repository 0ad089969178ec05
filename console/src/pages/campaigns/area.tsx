import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { CampaignsPage } from './campaigns-page.tsx';

const NewCampaignPage = later(() => import('./new-campaign-page.tsx'), 'NewCampaignPage');
const CampaignPage = later(() => import('./campaign-page.tsx'), 'CampaignPage');

export default function Campaigns() {
  return (
    <Switch>
      <Route path="/">
        <CampaignsPage />
      </Route>
      <Route path="/new">
        <Allowed to="rewards:write">
          <NewCampaignPage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <CampaignPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
