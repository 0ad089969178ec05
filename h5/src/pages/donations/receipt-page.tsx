import type { Output } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { hongmi } from '../../app/api.ts';
import { usePointTypeName, useProgramme } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { usePointsText } from '../../design/values.tsx';
import { receiptText } from './receipt.ts';
import { words } from './words.ts';

type Receipt = Output<'getDonationReceipt'>;

/** The receipt of a donation: to read, to print, and to save; and where anybody checks it. */
export function ReceiptPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['receipt', id],
    queryFn: ({ signal }) => hongmi.getDonationReceipt({ id }, { signal }),
  });
  return (
    <Page title={t.receipt} up="~/m/donations">
      <Loaded query={query} rows={10}>
        {(receipt) => <Shown receipt={receipt} />}
      </Loaded>
    </Page>
  );
}

function Shown({ receipt }: { readonly receipt: Receipt }) {
  const t = useWords(words);
  const f = useFormat();
  const { receiptNo, fund, fen, programme, givenBackAt, redemptionId } = receipt;
  const rows = useRows(receipt);
  const save = (): void => {
    const told = [[t.gave, f.money(fen)] as const, ...rows];
    const blob = new Blob([receiptText(t.receipt, told)], { type: 'text/plain;charset=utf-8' });
    saveBlob(blob, `${t.file}-${receiptNo}.txt`);
  };
  return (
    <>
      {givenBackAt === null ? null : <Notice tone="warn" title={t.givenBack} />}
      <Card>
        <div className="hm-receipt-sum">
          <p className="hm-soft">{t.gave}</p>
          <p className="hm-figure hm-number">{f.money(fen)}</p>
        </div>
        <Facts rows={rows} />
        <p className="hm-soft">{t.checkAbout}</p>
      </Card>
      <div className="hm-actions">
        <Button onClick={() => print()}>{t.print}</Button>
        <Button color="primary" onClick={save}>
          {t.download}
        </Button>
      </div>
      <div className="hm-receipt-ways">
        <Card flush>
          <Rows>
            <Row
              href={`/funds/${programme}/${fund.code}`}
              title={t.statement}
              about={t.statementAbout}
            />
            <Row href={`~/m/redemptions/${redemptionId}`} title={t.redemption} />
          </Rows>
        </Card>
      </div>
    </>
  );
}

/** What the receipt says, as it is read and as it is saved. */
function useRows(receipt: Receipt): readonly (readonly [string, string | undefined])[] {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const typeName = usePointTypeName();
  const pointsText = usePointsText();
  const zone = useProgramme()?.timeZone;
  const { receiptNo, fund, points, donatedAt, givenBackAt, transactionIds } = receipt;
  return [
    [
      t.points,
      f.list(
        points.map(
          (each) => `${pointsText(each.points, each.pointType)} ${typeName(each.pointType)}`,
        ),
      ),
    ],
    [t.to, said(fund.name)],
    [t.organisation, fund.organisation],
    [t.certificate, fund.certificate.number],
    [t.certificateBy, fund.certificate.issuingBody],
    [t.certificateUntil, f.date(fund.certificate.validUntil)],
    [t.at, f.instant(donatedAt, zone)],
    [t.givenBackAt, givenBackAt === null ? undefined : f.instant(givenBackAt, zone)],
    [t.number, receiptNo],
    [t.transactions, transactionIds.join(' ')],
    [t.check, `${location.origin}/v1/donations/${receiptNo}`],
  ];
}
