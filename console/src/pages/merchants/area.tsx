import { later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { Allowed } from '../../app/allowed.tsx';
import { NotHere } from '../../design/absent.tsx';
import { MerchantsPage } from './merchants-page.tsx';

const MerchantPage = later(() => import('./merchant-page.tsx'), 'MerchantPage');
const NewMerchantPage = later(() => import('./new-merchant-page.tsx'), 'NewMerchantPage');

/** Who takes part, by which terms, and where they sell. */
export default function MerchantsArea() {
  return (
    <Switch>
      <Route path="/">
        <MerchantsPage />
      </Route>
      <Route path="/new">
        <Allowed to="merchants:write">
          <NewMerchantPage />
        </Allowed>
      </Route>
      <Route path="/:id">{({ id }) => <MerchantPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
