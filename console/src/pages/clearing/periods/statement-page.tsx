import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { Loaded } from '../../../design/loaded.tsx';
import { Figure, Page } from '../../../design/page.tsx';
import { Money } from '../../../design/values.tsx';
import { Net } from '../values.tsx';
import { namesIn, useStatement } from './read.ts';
import { StatementAdjustments } from './statement-adjustments.tsx';
import { StatementFiles } from './statement-files.tsx';
import { IssuedPoints } from './statement-issued.tsx';
import { StatementLines } from './statement-lines.tsx';
import { StatementSums } from './statement-sums.tsx';
import { words } from './statement-words.ts';

export function StatementPage({
  id,
  merchant,
}: {
  readonly id: string;
  readonly merchant: string;
}) {
  const t = useWords(words);
  const f = useFormat();
  const query = useStatement(id, merchant);
  return (
    <Loaded query={query}>
      {({ merchantName, period }) => (
        <Page
          above={<Link href={`/periods/${id}`}>{t.above(f.number(period.number))}</Link>}
          title={t.title(merchantName ?? t.platform)}
          actions={<StatementFiles id={id} merchant={merchant} />}
        >
          <StatementBody id={id} merchant={merchant} />
        </Page>
      )}
    </Loaded>
  );
}

/** What a period says to one merchant: in sum, by counterparty, and down to the lot of every point. */
export function StatementBody({
  id,
  merchant,
}: {
  readonly id: string;
  readonly merchant: string;
}) {
  const t = useWords(words);
  const query = useStatement(id, merchant);
  const isPlatform = merchant === 'platform';
  return (
    <Loaded query={query}>
      {(statement) => {
        const { position } = statement;
        const names = namesIn(statement);
        return (
          <>
            <div className="hm-figures">
              <Figure name={t.net} value={<Net fen={position.netFen} />} />
              <Figure
                name={t.due}
                value={<Money fen={position.dueFen} />}
                more={isPlatform ? t.platformDueMore : t.dueMore}
              />
              <Figure
                name={t.owed}
                value={<Money fen={position.owedFen} />}
                more={isPlatform ? t.platformOwedMore : t.owedMore}
              />
              <Figure
                name={t.fee}
                value={<Money fen={position.feeFen} />}
                more={isPlatform ? t.platformFeeMore : t.feeMore}
              />
              {position.adjustedFen === 0 ? null : (
                <Figure
                  name={t.adjusted}
                  value={<Money fen={position.adjustedFen} />}
                  more={t.adjustedMore}
                />
              )}
            </div>
            <StatementSums statement={statement} />
            <StatementAdjustments statement={statement} names={names} />
            <IssuedPoints statement={statement} />
            <StatementLines id={id} merchant={merchant} names={names} />
          </>
        );
      }}
    </Loaded>
  );
}
