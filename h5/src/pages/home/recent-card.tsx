import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { hongmi, ME } from '../../app/api.ts';
import { Card } from '../../design/page.tsx';
import { Rows } from '../../design/row.tsx';
import { TransactionRow } from '../records/transaction-row.tsx';
import { words } from './words.ts';

const SHOWN = 3;

/** The last that happened to the member's points. */
export function RecentCard() {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['transactions', 'recent'],
    queryFn: ({ signal }) => hongmi.listTransactions({ ...ME, limit: SHOWN }, { signal }),
  });
  return (
    <Card title={t.recent} flush action={<Link href="/records">{t.all}</Link>}>
      <Loaded query={query} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t.none} />
          ) : (
            <Rows>
              {items.map((each) => (
                <TransactionRow key={each.id} transaction={each} base="/records" />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Card>
  );
}
