import { Route, Switch } from 'wouter';
import { NotHere } from '../../design/absent.tsx';
import { DonationsPage } from './donations-page.tsx';
import { FundPage } from './fund-page.tsx';
import { ReceiptPage } from './receipt-page.tsx';
import './donations.css';

export default function DonationsArea() {
  return (
    <Switch>
      <Route path="/">
        <DonationsPage />
      </Route>
      <Route path="/funds/:programme/:code">
        {({ programme, code }) => <FundPage programme={programme} code={code} />}
      </Route>
      <Route path="/:id">{({ id }) => <ReceiptPage key={id} id={id} />}</Route>
      <Route>
        <NotHere />
      </Route>
    </Switch>
  );
}
