import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { MerchantPage } from './merchant-page.tsx';
import { MerchantsPage } from './merchants-page.tsx';
import { NewMerchantPage } from './new-merchant-page.tsx';

/** Who takes part, by which terms, and where they sell. */
export default function MerchantsArea() {
  return (
    <Switch>
      <Route path="/">
        <MerchantsPage />
      </Route>
      <Route path="/new">
        <NewMerchantPage />
      </Route>
      <Route path="/:id">{({ id }) => <MerchantPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
