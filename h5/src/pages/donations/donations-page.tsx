import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { When } from '../../design/values.tsx';
import { words } from './words.ts';

/** What the member gave, with its receipts; and what becomes of what everybody gave. */
export function DonationsPage() {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  return (
    <Page title={t.title} up="~/m/me">
      <Own />
      <h2 className="hm-subhead">{t.funds}</h2>
      <p className="hm-about">{t.fundsAbout}</p>
      {programme === undefined ? <Skeleton rows={3} /> : <Funds programme={programme} />}
    </Page>
  );
}

function Own() {
  const t = useWords(words);
  const said = useSaid();
  return (
    <MoreList
      queryKey={['redemptions', 'donations']}
      load={(cursor, signal) =>
        hongmi.listRedemptions(
          { kind: 'donation', state: 'fulfilled', ...(cursor && { cursor }) },
          { signal },
        )
      }
      empty={<Empty title={t.none}>{t.noneAbout}</Empty>}
    >
      {(items) => (
        <Card title={t.mine} flush>
          <Rows label={t.mine}>
            {items.map(({ id, name, askedAt }) => (
              <Row key={id} href={`/${id}`} title={said(name)} about={<When at={askedAt} />} />
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}

function Funds({ programme }: { readonly programme: string }) {
  const t = useWords(words);
  const said = useSaid();
  return (
    <MoreList
      queryKey={['funds', programme]}
      load={(cursor, signal) =>
        hongmi.listFunds({ programme, ...(cursor && { cursor }) }, { signal })
      }
      empty={<Empty title={t.noFunds} />}
    >
      {(items) => (
        <Card flush>
          <Rows label={t.funds}>
            {items.map(({ id, code, name, organisation, closed }) => (
              <Row
                key={id}
                href={`/funds/${programme}/${code}`}
                title={said(name)}
                about={`${organisation} · ${closed === null ? t.receiving : t.closed[closed]}`}
              />
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}
