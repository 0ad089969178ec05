import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { counts } from './consent.ts';
import type { Purpose } from './purpose.ts';

/** What is known of a member: what they gave consent to, and what is kept about them by it. */
export interface Known {
  /** Under 14 until then; null: not known to be. */
  readonly minorUntil: Instant | null;
  readonly given: readonly {
    readonly purpose: Purpose;
    readonly merchant: Uuid | null;
    readonly guardian: string | null;
    readonly endsAt: Instant | null;
  }[];
  readonly band: {
    readonly band: string;
    readonly from: Instant;
    readonly until: Instant;
  } | null;
  readonly segments: readonly {
    readonly programme: number;
    readonly code: string;
    /** It needs no consent. */
    readonly service: boolean;
  }[];
}

/** What rules may look at. */
export interface ConsentedFacts {
  readonly creditBand: string | null;
  readonly segments: readonly string[];
}

const NOTHING: Known = { minorUntil: null, given: [], band: null, segments: [] };

/** Whether a member consents to a purpose, and to which merchant's receiving data; null: to the platform's own use. */
export function consents(
  { given, minorUntil }: Pick<Known, 'given' | 'minorUntil'>,
  purpose: Purpose,
  merchant: Uuid | null,
  now: Instant,
): boolean {
  return given.some(
    (each) =>
      each.purpose === purpose && each.merchant === merchant && counts(each, minorUntil, now),
  );
}

/**
 * What rules of a programme may know of a member: consent counts at `now`, by the machine's clock, the band at
 * `at`, by the programme's.
 */
export function factsOf(
  known: Known,
  {
    programme,
    now,
    at,
  }: { readonly programme: number; readonly now: Instant; readonly at: Instant },
): ConsentedFacts {
  const { band, segments } = known;
  const isBandKnown =
    band !== null &&
    band.from <= at &&
    at < band.until &&
    consents(known, 'credit_band', null, now);
  const isPersonal = consents(known, 'personalised_offers', null, now);
  return {
    creditBand: isBandKnown ? band.band : null,
    segments: segments
      .filter((each) => each.programme === programme && (each.service || isPersonal))
      .map((each) => each.code),
  };
}

/** What is known of these members; nothing for those who never said anything. */
export async function readKnown(sql: Sql, members: readonly Uuid[]): Promise<Map<Uuid, Known>> {
  const { rows } = await sql.query<{
    member: Uuid;
    minorUntil: Instant | null;
    given: Known['given'] | null;
    band: Known['band'];
    segments: Known['segments'] | null;
  }>({
    name: 'read-known',
    text: `select w.member, m.until_ms as "minorUntil",
        (select json_agg(json_build_object('purpose', c.purpose, 'merchant', c.merchant, 'guardian', c.guardian,
            'endsAt', (select min(n.valid_from_ms) from consent_notice n
              where n.purpose = c.purpose and n.version > c.version and n.renews)))
          from (select distinct on (purpose, merchant) * from consent_change where member = w.member
            order by purpose, merchant, number desc) c where c.state = 'given') as given,
        (select json_build_object('band', b.band, 'from', b.from_ms, 'until', b.until_ms)
          from credit_band b where b.member = w.member) as band,
        (select json_agg(json_build_object('programme', i.programme, 'code', i.code, 'service', s.service_reason is not null)
            order by i.programme, i.code)
          from member_segment i join segment s using (programme, code) where i.member = w.member) as segments
      from unnest($1::uuid[]) as w (member) left join member_minority m on m.member = w.member`,
    values: [uuids(members)],
  });
  return new Map(
    rows.map(({ member, minorUntil, given, band, segments }) => [
      member,
      given === null && band === null && segments === null && minorUntil === null
        ? NOTHING
        : { minorUntil, given: given ?? [], band, segments: segments ?? [] },
    ]),
  );
}
