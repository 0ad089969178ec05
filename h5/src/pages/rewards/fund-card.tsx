import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { redeemWords } from './redeem-words.ts';

/** Who gets what is donated, and by which certificate they may ask for it. */
export function FundCard({ code }: { readonly code: string }) {
  const t = useWords(redeemWords);
  const f = useFormat();
  const said = useSaid();
  const programme = useProgramme()?.code ?? '';
  const query = useQuery({
    // Not the list that grows on the donations' page: it has another form.
    queryKey: ['funds', programme, 'all'],
    queryFn: () => hongmi.pages('listFunds', { programme }).all(),
    enabled: programme !== '',
  });
  return (
    <Card title={t.fund}>
      <Loaded query={query}>
        {(funds) => {
          const fund = funds.find((each) => each.code === code);
          if (fund === undefined) return <Notice tone="warn" title={t.noFund} />;
          const { number, issuingBody, validUntil } = fund.certificate;
          return (
            <div className="hm-stack">
              {fund.closed === null ? null : <Notice tone="warn" title={t.noFund} />}
              <strong>{said(fund.name)}</strong>
              <Facts
                rows={[
                  [t.organisation, fund.organisation],
                  [t.certificate, t.certified(number, issuingBody)],
                  [t.validUntil, f.date(validUntil)],
                ]}
              />
              <p className="hm-soft">{t.receipt}</p>
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}
