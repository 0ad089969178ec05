import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { CampaignPage } from './campaign-page.tsx';
import { CampaignsPage } from './campaigns-page.tsx';
import { NewCampaignPage } from './new-campaign-page.tsx';

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
