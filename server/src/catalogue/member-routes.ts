import Type from 'typebox';
import { localTime } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { RewardVersion } from '../kernel/reward.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../platform/web/schema.ts';
import { showLeft } from './left-schema.ts';
import type { MemberDeps, NamedProgramme } from './member-deps.ts';
import { OfferPage, OneOffer, showOffer } from './offer-schema.ts';
import { type Offer, offersOf } from './offers.ts';
import { countersOf } from './promotion-budget.ts';
import { isWanted, pageOfWanted, readPlace, WantedQuery } from './wanted.ts';

const DEFAULT_PROGRAMME = 'default';

const PRICED =
  'The price is that of the best promotion for the member, and its claim is computed. A merchant’s key sees what that merchant hands out; to it a ' +
  'member has no credit band, segments and birthday unless they consent to `share_with_merchant`.';

/** What is known of a member does not reach a merchant that the member does not share it with. */
async function isHidden(
  member: Uuid,
  { merchant }: Principal,
  { sharesWith }: MemberDeps,
): Promise<boolean> {
  return merchant !== null && !(await sharesWith(member, merchant));
}

/** Whose catalogue is looked at, by whom, and when by the programme's clock. */
interface Looking {
  readonly programme: NamedProgramme;
  readonly member: Uuid;
  readonly principal: Principal;
  readonly at: Instant;
}

/** Whose catalogue is asked for; a refusal where it is not there for the caller. */
async function lookingAt(
  { programmes, hasMember, refusalOf, takesPart }: MemberDeps,
  principal: Principal,
  asked: { readonly id: string; readonly programme?: string },
): Promise<Looking | Refusal> {
  const named = asked.programme ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
  if (principal.programme !== null && principal.programme.code !== named)
    return problem('programme_not_found');
  const programme = await programmes.find(named);
  if (programme === undefined) return problem('programme_not_found');
  const member = mustReadId('member', asked.id);
  if (!(await hasMember(member))) return problem('member_not_found');
  const merged = await refusalOf(member);
  if (merged !== undefined) return merged;
  if (!(await takesPart(member, programme.id))) return problem('member_not_found');
  return { programme, member, principal, at: programmes.programmeClock(programme.id) };
}

/** What those in force that are looked for cost the member now. */
async function readOffers(
  deps: MemberDeps,
  { programme: { id, timeZone }, member, principal, at }: Looking,
  wanted: (version: RewardVersion) => boolean,
): Promise<readonly Offer[]> {
  const { catalogue } = deps;
  const [rewards, promotions] = await Promise.all([
    catalogue.rewards.bookAt(id, at),
    catalogue.promotions.bookAt(id, at),
  ]);
  const versions = rewards.inForce(at).filter(wanted);
  const merchants = [...new Set(versions.flatMap(({ merchant }) => merchant ?? []))];
  const facts = await deps.rewardFactsOf({ member, programme: id, merchants, at });
  const hidden = (await isHidden(member, principal, deps))
    ? { creditBand: null, segments: [], birthday: null }
    : {};
  const known = { ...facts.member, ...hidden };
  const { creditBand } = known;
  const { birthday, joinedAt } = { ...facts, ...hidden };
  const occasion = { local: localTime(at, timeZone), timeZone, birthday, joinedAt, creditBand };
  const theirs = promotions.inForce(at);
  const spent = await deps.countedOf(deps.pool, countersOf([...theirs.values()].flat()));
  return offersOf(versions, theirs, known, occasion, { units: 1, spent });
}

/** What a member can redeem. */
export function memberCatalogueRoutes(app: App, deps: MemberDeps): void {
  app.get(
    '/members/:id/rewards',
    {
      config: { scopes: ['rewards:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listMemberRewards',
        tags: ['rewards'],
        summary:
          'List the rewards in force, with what each costs a member now and what keeps the member from it',
        description: `By age, the oldest first, or by price. ${PRICED} What limits, quotas and stock have left is told of one at a time.`,
        params: object({ id: idOf('member') }),
        querystring: object({ ...PageQuery, programme: Type.Optional(Code), ...WantedQuery }),
        response: answers({ 200: OfferPage }, 404, 409),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, merchantId, order = 'age', ...asked } = request.query;
      const after = readPlace(order, cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const looking = await lookingAt(deps, principal, { ...asked, ...request.params });
      if ('code' in looking) return refuse(reply, looking);
      const named = merchantId === undefined ? null : mustReadId('merchant', merchantId);
      if (principal.merchant !== null && named !== null && named !== principal.merchant)
        return refuse(reply, problem('merchant_out_of_reach'));
      const { kind = null, redeemable = null, pointType = null, pointsMax = null } = asked;
      const wanted = {
        ...{ merchant: principal.merchant ?? named, kind, named: asked.named ?? null },
        ...{ redeemable, pointType, pointsMax },
      };
      const offers = await readOffers(deps, looking, (version) => isWanted(version, wanted));
      const page = pageOfWanted(offers, wanted, { order, after, limit });
      return { items: page.offers.map(showOffer), nextCursor: page.nextCursor };
    },
  );

  app.get(
    '/members/:id/rewards/:reward',
    {
      config: { scopes: ['rewards:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getMemberReward',
        tags: ['rewards'],
        summary:
          'Read a reward in force as it stands to a member: what it costs now, what keeps them from it, how much is left',
        description: `${PRICED} What is left may be taken by somebody else at any moment: it is decided when it is redeemed.`,
        params: object({ id: idOf('member'), reward: idOf('reward') }),
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: OneOffer }, 404, 409),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const looking = await lookingAt(deps, principal, { ...request.query, ...request.params });
      if ('code' in looking) return refuse(reply, looking);
      const reward = mustReadId('reward', request.params.reward);
      const { merchant } = principal;
      const [offer] = await readOffers(
        deps,
        looking,
        ({ reward: each, body: { stores } }) =>
          each === reward &&
          (merchant === null || stores.some((store) => store.merchant === merchant)),
      );
      if (offer === undefined) return refuse(reply, problem('reward_not_found'));
      const { programme, member, at } = looking;
      const left = await deps.leftOf(offer.version, { member, at, timeZone: programme.timeZone });
      return { ...showOffer(offer), left: showLeft(left, merchant) };
    },
  );
}
