import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Rows } from '../../design/row.tsx';
import { CaseRow } from './case-row.tsx';
import { OurPromise } from './promise.tsx';
import { words } from './words.ts';

/** The member's cases, the next deadline first. */
export function CasesPage() {
  const t = useWords(words);
  return (
    <Page title={t.title} up="~/m/me">
      <MoreList
        queryKey={['cases', 'all']}
        load={(cursor, signal) =>
          hongmi.listAfterSalesCases({ ...(cursor && { cursor }) }, { signal })
        }
        empty={
          <Empty title={t.none} action={<Link href="~/m/redemptions">{t.redemptions}</Link>}>
            {t.noneAbout}
          </Empty>
        }
      >
        {(items) => (
          <Card flush>
            <Rows label={t.title}>
              {items.map((each) => (
                <CaseRow key={each.id} one={each} />
              ))}
            </Rows>
          </Card>
        )}
      </MoreList>
      <OurPromise />
    </Page>
  );
}
