import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi, ME } from '../../app/api.ts';
import { Choice } from '../../design/choice.tsx';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { OrderRow } from './order-row.tsx';
import { TransactionRow } from './transaction-row.tsx';
import { words } from './words.ts';

const VIEWS = ['points', 'orders'] as const;

/** Everything that happened to the member's points, or what they bought: also what earned nothing. */
export function RecordsPage() {
  const t = useWords(words);
  const [filter, setFilter] = useFilter('view');
  const view = VIEWS.find((each) => each === filter) ?? 'points';
  return (
    <Page title={t.title}>
      <Choice
        label={t.views}
        value={view}
        options={VIEWS.map((each) => ({ value: each, label: t[each] }))}
        onChange={(next) => setFilter(next === 'points' ? undefined : next)}
      />
      <Card flush>
        <Rows>
          <Row href="~/m/redemptions" title={t.redemptions} about={t.redemptionsAbout} />
        </Rows>
      </Card>
      {view === 'points' ? <Transactions /> : <Orders />}
    </Page>
  );
}

function Transactions() {
  const t = useWords(words);
  return (
    <MoreList
      queryKey={['transactions']}
      load={(cursor, signal) =>
        hongmi.listTransactions({ ...ME, ...(cursor && { cursor }) }, { signal })
      }
      empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
    >
      {(items) => (
        <Card flush>
          <Rows label={t.points}>
            {items.map((each) => (
              <TransactionRow key={each.id} transaction={each} base="" />
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}

function Orders() {
  const t = useWords(words);
  return (
    <MoreList
      queryKey={['orders']}
      load={(cursor, signal) =>
        hongmi.listMemberOrders({ ...ME, ...(cursor && { cursor }) }, { signal })
      }
      empty={<Empty title={t.noOrders}>{t.noOrdersAbout}</Empty>}
    >
      {(items) => (
        <Card flush>
          <Rows label={t.orders}>
            {items.map((each) => (
              <OrderRow key={each.id} order={each} />
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}
