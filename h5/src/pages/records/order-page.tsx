import type { Output } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Merchant, Money, Points, When } from '../../design/values.tsx';
import { WhyCard } from './why-card.tsx';
import { words } from './words.ts';

type Order = Output<'getOrder'>;

/** A purchase, what it earned, and why. */
export function OrderPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['order', id],
    queryFn: ({ signal }) => hongmi.getOrder({ id }, { signal }),
  });
  return (
    <Page title={t.orderTitle} up="~/m/records?view=orders">
      <Loaded query={query} rows={8}>
        {(order) => (
          <>
            <OrderFacts order={order} />
            <WhyCard
              queryKey={['explanation', id]}
              load={(signal) => hongmi.explainOrder({ id }, { signal })}
            />
            {order.lines.length === 0 ? null : <Lines order={order} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function OrderFacts({ order }: { readonly order: Order }) {
  const t = useWords(words);
  const isReturned = order.dueFen !== order.netFen;
  return (
    <Card>
      <Facts
        rows={[
          [t.merchant, <Merchant key="merchant" id={order.merchantId} />],
          [t.at, <When key="at" at={order.paidAt} />],
          [t.paid, <Money key="paid" fen={order.netFen} />],
          [t.earned, <Points key="points" value={order.points} signed />],
          [t.due, isReturned ? <Money key="due" fen={order.dueFen} /> : undefined],
          [
            t.pointsDue,
            isReturned ? <Points key="pointsDue" value={order.pointsDue} /> : undefined,
          ],
          [t.store, order.store],
          [
            t.orderNo,
            <span key="no" className="hm-code">
              {order.orderNo}
            </span>,
          ],
        ]}
      />
    </Card>
  );
}

function Lines({ order: { lines } }: { readonly order: Order }) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <Card title={t.lines} flush>
      <Rows>
        {lines.map(({ lineNo, name, sku, quantity, amountFen, returned }) => (
          <Row
            key={lineNo}
            title={name ?? sku}
            about={[
              t.piece(f.number(quantity)),
              ...(returned > 0 ? [t.returned(f.number(returned))] : []),
            ].join(' · ')}
            value={<Money fen={amountFen} />}
          />
        ))}
      </Rows>
    </Card>
  );
}
