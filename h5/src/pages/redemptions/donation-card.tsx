import { useWords } from '@hongmi/ui/language.ts';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { words } from './words.ts';

/** The way to the receipt of what was given. */
export function DonationCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  return (
    <Card flush>
      <Rows>
        <Row href={`~/m/donations/${id}`} title={t.receipt} about={t.receiptAbout} />
      </Rows>
    </Card>
  );
}
