import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi, ME } from '../../app/api.ts';
import { lastMoment } from '../../app/clock.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { InProgramme, usePointTypeName, useProgramme } from '../../app/programme.ts';
import { MoreList } from '../../design/more-list.tsx';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { Points, usePointsText } from '../../design/values.tsx';
import { words } from './words.ts';

type Lot = Item<'listLots'>;

/** What is there, lot by lot: each with where it is from and until when it can be spent. */
export function Lots() {
  const t = useWords(words);
  return (
    <MoreList
      queryKey={['lots']}
      load={(cursor, signal) =>
        hongmi.listLots({ ...ME, open: true, ...(cursor && { cursor }) }, { signal })
      }
      empty={<Empty title={t.noLots}>{t.noLotsAbout}</Empty>}
    >
      {(items) => (
        <Card flush>
          <Rows label={t.lots}>
            {items.map((each) => (
              <InProgramme key={each.id} code={each.programme}>
                <LotRow lot={each} />
              </InProgramme>
            ))}
          </Rows>
        </Card>
      )}
    </MoreList>
  );
}

function LotRow({ lot }: { readonly lot: Lot }) {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  const pointsText = usePointsText();
  const shown = (points: number): string => pointsText(points, lot.pointType);
  const zone = useProgramme()?.timeZone;
  const issuer = useMerchantName(lot.issuerId);
  const facts = [
    lot.state === 'pending' ? t.from(f.day(lot.availableAt, zone)) : undefined,
    lot.expiresAt === undefined ? t.forever : t.until(f.day(lastMoment(lot.expiresAt), zone)),
    lot.slideMonths === undefined ? undefined : t.sliding,
    lot.held > 0 ? t.held(shown(lot.held)) : undefined,
    lot.remaining < lot.issued ? t.remaining(shown(lot.remaining), shown(lot.issued)) : undefined,
  ].filter((each) => each !== undefined);
  return (
    <Row
      href={`/lots/${lot.id}`}
      title={issuer ?? typeName(lot.pointType)}
      about={facts.join(' · ')}
      value={
        <span className="hm-change">
          <Points value={lot.remaining} type={lot.pointType} />
          <span className="hm-row-about">{typeName(lot.pointType)}</span>
        </span>
      }
    />
  );
}
