import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts, Page } from '../../design/page.tsx';
import { Code, When } from '../../design/values.tsx';
import { Ratio } from './ratio.tsx';
import { StoresCard } from './stores-card.tsx';
import { TermsCard } from './terms-card.tsx';
import { words } from './words.ts';

/** A merchant: what its orders earn, since when, and where it sells. */
export function MerchantPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const may = useMay();
  const programmes = useProgrammes();
  const query = useQuery({
    queryKey: ['merchants', 'one', id],
    queryFn: ({ signal }) => hongmi.getMerchant({ id }, { signal }),
  });
  const { data } = query;
  const nameOf = (code: string): string =>
    programmes.find((each) => each.code === code)?.name ?? code;
  return (
    <Page title={data?.name ?? t.title} above={<Link href="/">{t.title}</Link>}>
      <Loaded query={query}>
        {(merchant) => (
          <>
            <Card>
              <Facts
                rows={[
                  [t.category, t.trades[merchant.category] ?? merchant.category],
                  [t.programme, nameOf(merchant.programme)],
                  [t.ratio, <Ratio key="ratio" ratio={merchant.earnRatio} />],
                  [t.joined, <When key="joined" at={merchant.joinedAt} dayOnly />],
                  ['ID', <Code key="id">{merchant.id}</Code>],
                ]}
              />
              <div className="hm-actions" style={{ marginTop: 12 }}>
                {may('dossiers:read') ? (
                  <Link href={`~/console/dossiers?merchant=${id}`}>{t.dossiers}</Link>
                ) : null}
                {may('audit:read') ? (
                  <Link href={`~/console/audit?about=${id}`}>{t.audit}</Link>
                ) : null}
              </div>
            </Card>
            <StoresCard merchantId={id} />
            <TermsCard merchant={merchant} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
