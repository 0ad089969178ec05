import Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { isUuid, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { isWithin, principalOf } from '../../platform/web/auth.ts';
import {
  readCursor,
  readPageStart,
  writeCursor,
  writeNextCursor,
} from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import { programmeOf, type Registries, reachedIn, reachedProgramme } from '../reached.ts';
import { publishTerms, withdrawTerms } from './publish-terms.ts';
import { listPrices, type OwnedPrice, type PricePlace } from './read-prices.ts';
import {
  PricePage,
  PublishTerms,
  showOwner,
  showTerms,
  stateOf,
  TermsPage,
  TermsPublished,
  TermsShown,
  Withdraw,
} from './schema.ts';
import { findTerms, listTerms, readVersions } from './store.ts';
import { inForceAt, type TermsBody, type TermsVersion } from './terms.ts';

export interface TermsRoutes extends Registries {
  readonly pool: Pool;
}

const tags = ['clearing'];
const LIST = 'clearing-terms';
const PRICES = 'clearing-prices';

/** What merchants pay and receive for points, and the price list that follows of it. */
export function termsRoutes(app: App, registries: TermsRoutes): void {
  const { pool, programmes } = registries;

  /** A version of which it is looked up whether it is in force. */
  async function show(version: TermsVersion, at: Instant) {
    const versions = await readVersions(pool, version.programme, version.merchant);
    const standing = versions.filter(({ withdrawn }) => withdrawn === null);
    const state = stateOf(version, inForceAt(standing, at)?.id, at);
    return showTerms(version, programmeOf(registries, version.programme).code, state);
  }

  app.post(
    '/clearing/terms',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'publishTerms',
        tags,
        summary:
          'Publish what points cost and bring, for a merchant or for all that have no terms of their own',
        description:
          'Counts from `from` on, for what takes effect then; what was before stays as it was agreed. With the first standard terms that name a point type the programme is cleared for it.',
        body: PublishTerms,
        response: answers({ 201: TermsPublished }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { programme: named, merchantId, from, withdraws = [], actor, ...told } = request.body;
      const programme = await reachedProgramme(registries, principal, named);
      const merchant =
        merchantId === undefined
          ? null
          : await reachedIn(registries, principal, programme, merchantId);
      const body: TermsBody = { ...told, creditLimitFen: told.creditLimitFen ?? null };
      const asked = {
        ...{ programme, merchant, body, actor, by: principal.keyId },
        from: from === undefined ? undefined : mustReadInstant(from),
        withdraws: withdraws.map((id) => mustReadId('settlementTerms', id)),
      };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        publishTerms(tx, asked, programmes.programmeClock),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/terms',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listTerms',
        tags,
        summary: 'List terms in the order in which they were published',
        description: 'A merchant’s key sees the standard terms and its own.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          inForceAt: Type.Optional({
            ...InstantText,
            description: 'Only what was or will be in force then, by the programme’s clock.',
          }),
        }),
        response: answers({ 200: TermsPage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId, inForceAt: shownAt } = request.query;
      const programme = await reachedProgramme(registries, principal, request.query.programme);
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant =
        merchantId === undefined
          ? undefined
          : await reachedIn(registries, principal, programme, merchantId);
      const at = shownAt === undefined ? null : mustReadInstant(shownAt);
      const filter = { programme: programme.id, merchant, seenBy: principal.merchant };
      const found = await listTerms(pool, { ...filter, inForceAt: at }, start.after, limit + 1);
      const when = at ?? programmes.programmeClock(programme.id);
      const inForce = await inForceOf(programme.id, found, when);
      return {
        items: found
          .slice(0, limit)
          .map((each) =>
            showTerms(each, programme.code, stateOf(each, inForce.get(each.merchant), when)),
          ),
        nextCursor: writeNextCursor(LIST, found, limit),
      };
    },
  );

  /** Which version is in force for each of the merchants of a page. */
  async function inForceOf(programme: number, page: readonly TermsVersion[], at: Instant) {
    const found = new Map<Uuid | null, Uuid | undefined>();
    for (const merchant of new Set(page.map((each) => each.merchant))) {
      const versions = await readVersions(pool, programme, merchant);
      const standing = versions.filter(({ withdrawn }) => withdrawn === null);
      found.set(merchant, inForceAt(standing, at)?.id);
    }
    return found;
  }

  app.get(
    '/clearing/terms/:id',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'getTerms',
        tags,
        summary: 'Read a version of terms',
        params: object({ id: idOf('settlementTerms') }),
        response: answers({ 200: TermsShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await findTerms(pool, mustReadId('settlementTerms', request.params.id));
      const isHidden =
        found === undefined ||
        !isWithin(principal, found.programme) ||
        (principal.merchant !== null &&
          found.merchant !== null &&
          found.merchant !== principal.merchant);
      if (isHidden) return refuse(reply, problem('terms_not_found'));
      return await show(found, programmes.programmeClock(found.programme));
    },
  );

  app.post(
    '/clearing/terms/:id/withdrawal',
    {
      config: { scopes: ['clearing:write'], perProgramme: true },
      schema: {
        operationId: 'withdrawTerms',
        tags,
        summary: 'Withdraw terms that have not begun',
        params: object({ id: idOf('settlementTerms') }),
        body: Withdraw,
        response: answers({ 200: TermsShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('settlementTerms', request.params.id);
      const found = await findTerms(pool, id);
      if (found === undefined || !isWithin(principal, found.programme))
        return refuse(reply, problem('terms_not_found'));
      const { code } = programmeOf(registries, found.programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const asked = { id, by: principal.keyId, ...request.body };
        const told = await withdrawTerms(tx, asked, programmes.programmeClock);
        if ('refusal' in told) return told;
        return { status: 200 as const, body: showTerms(told.version, code, 'withdrawn') };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/clearing/price-list',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listPrices',
        tags,
        summary: 'Read the price list that issuing and redeeming go by',
        description:
          'What follows of terms, dossiers, funding and leaving, for every time; of a merchant’s rows the latest that has begun counts, and the standard rows (`merchantId` null) for who has none.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
          at: Type.Optional({ ...InstantText, description: 'Only the rows that count then.' }),
        }),
        response: answers({ 200: PricePage }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { cursor, limit = PAGE_DEFAULT, merchantId, at } = request.query;
      const programme = await reachedProgramme(registries, principal, request.query.programme);
      const after = readPlace(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const merchant =
        merchantId === undefined
          ? undefined
          : await reachedIn(registries, principal, programme, merchantId);
      const filter = {
        ...{ programme: programme.id, merchant, seenBy: principal.merchant },
        at: at === undefined ? null : mustReadInstant(at),
      };
      const found = await listPrices(pool, filter, after, limit + 1);
      const codes = new Map(programme.pointTypes.map(({ id, code }) => [id, code]));
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map((row) => showPrice(row, codes.get(row.pointType) ?? '')),
        nextCursor:
          last === undefined
            ? null
            : writeCursor(PRICES, [last.pointType, last.merchant, last.from]),
      };
    },
  );
}

/** The place a cursor names; null: the beginning; undefined: the cursor is bad. */
function readPlace(cursor: string | undefined): PricePlace | null | undefined {
  if (cursor === undefined) return null;
  const [pointType, merchant, from] = readCursor(PRICES, cursor) ?? [];
  if (typeof pointType !== 'number' || typeof from !== 'number') return undefined;
  return typeof merchant === 'string' && isUuid(merchant) ? [pointType, merchant, from] : undefined;
}

function showPrice(row: OwnedPrice, pointType: string) {
  return {
    pointType,
    merchantId: showOwner(row.merchant),
    from: showInstant(row.from),
    issuePriceMicroFen: row.issuePrice,
    reimbursementMicroFen: row.reimbursement,
    feeMicroFen: row.fee,
    issuing: row.issuing,
    accepting: row.accepting,
    funded: row.funding !== null,
    quota: row.quota !== null,
  };
}
