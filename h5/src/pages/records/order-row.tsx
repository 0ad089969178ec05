import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { Row } from '../../design/row.tsx';
import { Money, Points, When } from '../../design/values.tsx';
import { words } from './words.ts';

/** A purchase: where, when, for how much, and what it earned; also nothing. */
export function OrderRow({ order }: { readonly order: Item<'listMemberOrders'> }) {
  const t = useWords(words);
  const merchant = useMerchantName(order.merchantId);
  return (
    <Row
      href={`/orders/${order.id}`}
      title={merchant ?? order.orderNo}
      about={
        <>
          <When at={order.paidAt} /> · <Money fen={order.netFen} />
        </>
      }
      value={
        order.points === 0 ? (
          <span className="hm-row-about">{t.zero}</span>
        ) : (
          <span className="hm-change" data-sign="1">
            <Points value={order.points} signed />
          </span>
        )
      }
    />
  );
}
