import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
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
        <NewCampaignPage />
      </Route>
      <Route path="/:id">{({ id }) => <CampaignPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
