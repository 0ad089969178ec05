import type { Output } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useSaid } from '../../app/said.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Money } from '../../design/values.tsx';
import { words } from './words.ts';

type Month = Output<'getFundStatement'>['months'][number];

/** What a fund was given, gave back and was paid, month by month, the latest first; as open to everybody as to the member. */
export function FundPage({
  programme,
  code,
}: {
  readonly programme: string;
  readonly code: string;
}) {
  const t = useWords(words);
  const said = useSaid();
  const query = useQuery({
    queryKey: ['fund', programme, code],
    queryFn: ({ signal }) => hongmi.getFundStatement({ programme, code }, { signal }),
  });
  return (
    <Page title={t.books} up="~/m/donations">
      <Loaded query={query} rows={10}>
        {({ name, organisation, owedFen, months }) => (
          <>
            <Card title={said(name)}>
              <Facts
                rows={[
                  [t.organisation, organisation],
                  [t.owed, <Money key="owed" fen={owedFen} />],
                ]}
              />
            </Card>
            {months.length === 0 ? <Empty title={t.noBooks} /> : null}
            {months.toReversed().map((each) => (
              <MonthCard key={each.month} month={each} />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function MonthCard({ month }: { readonly month: Month }) {
  const t = useWords(words);
  const f = useFormat();
  const { openingFen, donations, donatedFen, givenBack, givenBackFen } = month;
  const { payments, paidFen, closingFen } = month;
  return (
    <Card title={month.month}>
      <Facts
        rows={[
          [t.opening, <Money key="opening" fen={openingFen} />],
          [t.donated(f.number(donations)), <Money key="in" fen={donatedFen} />],
          [
            t.back(f.number(givenBack)),
            givenBack === 0 ? undefined : <Money key="back" fen={-givenBackFen} />,
          ],
          [
            t.paid(f.number(payments)),
            payments === 0 ? undefined : <Money key="paid" fen={-paidFen} />,
          ],
          [t.closing, <Money key="closing" fen={closingFen} />],
        ]}
      />
    </Card>
  );
}
