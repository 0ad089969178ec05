import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { lastMoment } from '../../app/clock.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { useProgramme } from '../../app/programme.ts';
import { Row, Rows } from '../../design/row.tsx';
import { Points } from '../../design/values.tsx';
import { words } from './words.ts';

type Part = components['schemas']['LotPart'];

/** Lots are asked for one by one. */
const SHOWN = 8;

/** Points lot by lot: who gave them, and until when they count. Each leads to where it came from and went. */
export function LotParts({
  parts,
  pointType,
}: {
  readonly parts: readonly Part[];
  readonly pointType: string;
}) {
  const t = useWords(words);
  const rest = parts.slice(SHOWN);
  return (
    <Rows label={t.lots}>
      {parts.slice(0, SHOWN).map((part) => (
        <LotRow key={part.lotId} part={part} pointType={pointType} />
      ))}
      {rest.length === 0 ? null : (
        <Row
          title={t.otherLots(rest.length)}
          value={
            <Points value={rest.reduce((sum, each) => sum + each.points, 0)} type={pointType} />
          }
        />
      )}
    </Rows>
  );
}

function LotRow({ part, pointType }: { readonly part: Part; readonly pointType: string }) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const { data } = useQuery({
    queryKey: ['lots', part.lotId],
    queryFn: ({ signal }) => hongmi.getTrail({ id: part.lotId, limit: 1 }, { signal }),
  });
  const lot = data?.lot;
  const issuer = useMerchantName(lot?.issuerId);
  const about =
    lot === undefined
      ? ' '
      : lot.expiresAt === undefined
        ? t.lotForever
        : t.lotUntil(f.day(lastMoment(lot.expiresAt), zone));
  return (
    <Row
      href={`~/m/points/lots/${part.lotId}`}
      title={issuer ?? t.lot}
      about={about}
      value={<Points value={part.points} type={pointType} />}
    />
  );
}
