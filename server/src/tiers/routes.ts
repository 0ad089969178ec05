import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Merchants } from '../merchants/registry.ts';
import { assertNamesOwn, principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { giveTier } from './give-tier.ts';
import { COMMON, type Ladder } from './ladder.ts';
import { NOTHING, readMemberTier } from './member-store.ts';
import { assertMember, namedLadder, namedProgramme } from './named-ladder.ts';
import { type AsksForTiers, publishScheme } from './publish-scheme.ts';
import { momentOf, type TierDeps } from './review-members.ts';
import { schemeAt } from './scheme.ts';
import { readVersionAt, readVersions } from './scheme-store.ts';
import { showMemberTier } from './show-member-tier.ts';
import {
  GivenTier,
  MemberTierShown,
  NewTierScheme,
  showScheme,
  TierSchemeShown,
  TierSchemes,
} from './tier-schema.ts';

export interface TierRoutes extends Omit<TierDeps, 'deeds'> {
  readonly clock: Clock;
  readonly merchants: Merchants;
  readonly asksForTiers: AsksForTiers;
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  /** Why nothing is done in the name of a member that became part of another. */
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  readonly absorbedBy: (member: Uuid) => Promise<readonly Uuid[]>;
}

const tags = ['tiers'];
const params = object({ code: Code });
const ofMember = object({ id: idOf('member') });
const ofMerchant = object({ id: idOf('merchant') });

/** Tiers of programmes and their merchants, and of members. */
export function tierRoutes(app: App, deps: TierRoutes): void {
  const { pool, programmes, merchants } = deps;

  async function showVersions(ladder: Ladder) {
    const versions = await readVersions(pool, ladder);
    const current = schemeAt(versions, programmes.programmeClock(ladder.programme));
    return { current: current?.number ?? null, versions: versions.map(showScheme) };
  }

  app.put(
    '/programmes/:code/tiers',
    {
      config: { scopes: ['programmes:write'], perProgramme: true },
      schema: {
        operationId: 'setTiers',
        tags,
        summary: "Publish a programme's tiers",
        description:
          'The whole of them. Unless it is proven to be as good for members as all that it replaces, it counts after the programme’s notice.',
        params,
        body: NewTierScheme,
        response: answers({ 200: TierSchemeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      assertNamesOwn(principal, request.params.code);
      const by = { key: principal.keyId };
      const asked = request.body;
      // Another process may have made the programme a moment ago.
      await programmes.find(request.params.code);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        publishScheme(tx, { programme: request.params.code, merchant: null }, asked, {
          ...deps,
          ...by,
        }),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/programmes/:code/tiers',
    {
      config: { scopes: ['programmes:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'getTiers',
        tags,
        summary: "A programme's tiers in all versions, past and announced",
        params,
        response: answers({ 200: TierSchemes }, 404),
      },
    },
    async (request) => {
      const programme = await namedProgramme(deps, principalOf(request), request.params.code);
      return showVersions({ programme: programme.id, ladder: COMMON });
    },
  );

  app.put(
    '/merchants/:id/tiers',
    {
      config: { scopes: ['rules:publish'], perProgramme: true },
      schema: {
        operationId: 'setMerchantTiers',
        tags,
        summary: 'Publish tiers of a merchant’s own, beside the programme’s',
        description:
          'Only what is done at the merchant counts. The whole of them; unless it is proven to be as good for members as all that it replaces, it counts after the programme’s notice. ' +
          'From then on rules of the merchant with the condition `member.tiers` mean these, so that the first of them have the notice too where there are such rules.',
        params: ofMerchant,
        body: NewTierScheme,
        response: answers({ 200: TierSchemeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('merchant', request.params.id);
      const merchant = await reachedMerchant(merchants, principal, id);
      const programme = programmes.byId(merchant.programme);
      if (programme === undefined) throw new Error('the programme of a merchant is known');
      const asked = request.body;
      const whose = { programme: programme.code, merchant: id };
      const by = { ...deps, key: principal.keyId };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        publishScheme(tx, whose, asked, by),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/merchants/:id/tiers',
    {
      config: { scopes: ['merchants:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'getMerchantTiers',
        tags,
        summary: "A merchant's own tiers in all versions, past and announced",
        params: ofMerchant,
        response: answers({ 200: TierSchemes }, 404),
      },
    },
    async (request) => {
      const id = mustReadId('merchant', request.params.id);
      const { programme } = await reachedMerchant(merchants, principalOf(request), id);
      return showVersions({ programme, ladder: id });
    },
  );

  app.post(
    '/members/:id/tier',
    {
      config: { scopes: ['tiers:write'], perProgramme: true },
      schema: {
        operationId: 'giveTier',
        tags,
        summary: 'Give a member a higher tier until a day, with a reason',
        params: ofMember,
        body: GivenTier,
        response: answers({ 200: MemberTierShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const { ladder } = await namedLadder(deps, principal, request.body);
      await assertMember(deps, member);
      const by = principal.keyId;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const refusal = await deps.refusalOf(member);
        if (refusal !== undefined) return { refusal };
        return giveTier(tx, ladder, member, request.body, { ...deps, by });
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/members/:id/tier',
    {
      config: { scopes: ['tiers:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getMemberTier',
        tags,
        summary: "A member's tier, what is missing to the next one, and its history",
        description:
          'With `merchantId`: in that merchant’s own tiers, which a merchant’s key means in any case.',
        params: ofMember,
        querystring: object({
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
        }),
        response: answers({ 200: MemberTierShown }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const { programme, ladder } = await namedLadder(deps, principal, request.query);
      await assertMember(deps, member);
      const now = programmes.programmeClock(programme.id);
      const version = await readVersionAt(pool, ladder, now);
      if (version === undefined) return refuse(reply, problem('tiers_not_found'));
      const key = { ...ladder, member };
      const kept = (await readMemberTier(pool, key)) ?? { ...key, ...NOTHING };
      const moment = momentOf(deps, programme, [version], now);
      return showMemberTier(pool, moment, kept, principal.member !== null);
    },
  );
}
