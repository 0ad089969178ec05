import Type from 'typebox';
import { localTime } from '../kernel/calendar.ts';
import type { Uuid } from '../kernel/id.ts';
import { REWARD_KINDS, type RewardKind, type RewardVersion } from '../kernel/reward.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
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
import type { MemberDeps } from './member-deps.ts';
import { isRedeemable, OfferPage, showOffer } from './offer-schema.ts';
import { type Offer, offersOf } from './offers.ts';
import { countersOf } from './promotion-budget.ts';

const DEFAULT_PROGRAMME = 'default';
const LIST = 'rewards of a member';

interface Wanted {
  readonly merchant: Uuid | null;
  readonly kind: RewardKind | null;
}

const isWanted =
  ({ merchant, kind }: Wanted) =>
  ({ body }: RewardVersion): boolean =>
    (kind === null || body.kind === kind) &&
    (merchant === null || body.stores.some((each) => each.merchant === merchant));

/** What is known of a member does not reach a merchant that the member does not share it with. */
async function isHidden(
  member: Uuid,
  { merchant }: Principal,
  { sharesWith }: MemberDeps,
): Promise<boolean> {
  return merchant !== null && !(await sharesWith(member, merchant));
}

async function readOffers(
  deps: MemberDeps,
  programme: { readonly id: number; readonly timeZone: string },
  member: Uuid,
  wanted: Wanted,
  principal: Principal,
): Promise<readonly Offer[]> {
  const { catalogue, programmes } = deps;
  const { id, timeZone } = programme;
  const at = programmes.programmeClock(id);
  const [rewards, promotions] = await Promise.all([
    catalogue.rewards.bookAt(id, at),
    catalogue.promotions.bookAt(id, at),
  ]);
  const versions = rewards.inForce(at).filter(isWanted(wanted));
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
  const { programmes } = deps;

  app.get(
    '/members/:id/rewards',
    {
      config: { scopes: ['rewards:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listMemberRewards',
        tags: ['rewards'],
        summary:
          'List the rewards in force by age, with what each costs a member now and what keeps the member from it',
        description:
          'The price is that of the best promotion for the member, and its claim is computed. What limits, quotas and stock have left is decided ' +
          'when it is redeemed. A merchant’s key sees what that merchant hands out; to it a member has no credit band, segments and birthday unless ' +
          'they consent to `share_with_merchant`.',
        params: object({ id: idOf('member') }),
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional({
            ...idOf('merchant'),
            description: 'What this merchant hands out.',
          }),
          kind: Type.Optional(Type.Enum([...REWARD_KINDS])),
          redeemable: Type.Optional(
            Type.Boolean({ description: 'Only what the member can have now, or cannot.' }),
          ),
        }),
        response: answers({ 200: OfferPage }, 404, 409),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, merchantId, kind = null, redeemable } = request.query;
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const named = request.query.programme ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
      if (principal.programme !== null && principal.programme.code !== named)
        return refuse(reply, problem('programme_not_found'));
      const programme = await programmes.find(named);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const asked = merchantId === undefined ? null : mustReadId('merchant', merchantId);
      if (principal.merchant !== null && asked !== null && asked !== principal.merchant)
        return refuse(reply, problem('merchant_out_of_reach'));
      const member = mustReadId('member', request.params.id);
      if (!(await deps.hasMember(member))) return refuse(reply, problem('member_not_found'));
      const merged = await deps.refusalOf(member);
      if (merged !== undefined) return refuse(reply, merged);
      if (!(await deps.takesPart(member, programme.id)))
        return refuse(reply, problem('member_not_found'));
      const wanted = { merchant: principal.merchant ?? asked, kind };
      const offers = await readOffers(deps, programme, member, wanted, principal);
      const found = offers
        .filter(({ version }) => start.after === null || version.reward > start.after)
        .filter((offer) => redeemable === undefined || isRedeemable(offer) === redeemable);
      const page = found.slice(0, limit + 1).map((offer) => ({ id: offer.version.reward, offer }));
      return {
        items: page.slice(0, limit).map(({ offer }) => showOffer(offer)),
        nextCursor: writeNextCursor(LIST, page, limit),
      };
    },
  );
}
