import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { CaseRow } from '../after-sales/case-row.tsx';
import { offersAfterSales } from '../after-sales/offered.ts';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

/** What is open about it, and the way to say that something is wrong with it. */
export function AfterSalesCard({
  id,
  redemption,
}: {
  readonly id: string;
  readonly redemption: Redemption;
}) {
  const t = useWords(words);
  const isOffered = offersAfterSales(redemption);
  const { data } = useQuery({
    queryKey: ['cases', { redemptionId: id }],
    queryFn: ({ signal }) => hongmi.listAfterSalesCases({ redemptionId: id }, { signal }),
    enabled: isOffered,
  });
  if (!isOffered) return null;
  return (
    <Card title={t.afterSales} flush>
      <Rows label={t.afterSales}>
        {data?.items.map((each) => (
          <CaseRow key={each.id} one={each} isNamed />
        ))}
        <Row href={`~/m/after-sales/new/${id}`} title={t.open} about={t.openAbout} />
      </Rows>
    </Card>
  );
}
