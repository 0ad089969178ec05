import Type from 'typebox';
import type { RewardFactsOf } from '../../catalogue/member-deps.ts';
import type { Catalogue } from '../../catalogue/registry.ts';
import { readMemberSegments } from '../../consents/segment-store.ts';
import { localDate } from '../../kernel/calendar.ts';
import type { Uuid } from '../../kernel/id.ts';
import { readLeft } from '../../ledger/read-left.ts';
import type { Person } from '../../members/person.ts';
import { countEarlierOrders } from '../../orders/store.ts';
import type { Sql } from '../../platform/database.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, idOf, mustReadId, object } from '../../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';
import type { RuleRegistry } from '../../rules/registry.ts';
import type { RuleVersion } from '../../rules/rule.ts';
import { AHEAD_DAYS, daysFrom } from './days.ts';
import { firstOrdersAt, inOrder, offerOfPromotion, offerOfRule } from './offer.ts';
import { OffersShown, showOffer } from './schema.ts';

export interface OfferRoutes extends Person {
  readonly pool: Sql;
  readonly programmes: ProgrammeRegistry;
  readonly ruleBooks: RuleRegistry;
  readonly catalogue: Catalogue;
  readonly rewardFactsOf: RewardFactsOf;
}

const DEFAULT_PROGRAMME = 'default';

/** What counts for a member now and soon, in one list. */
export function offerRoutes(app: App, deps: OfferRoutes): void {
  const { pool, programmes, ruleBooks, catalogue } = deps;

  app.get(
    '/members/:id/offers',
    {
      config: { scopes: ['rules:read', 'rewards:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listMemberOffers',
        tags: ['rewards'],
        summary:
          'List what counts for a member now and soon: rules that give more, promotions that take less',
        description:
          `In force or announced, of the next ${AHEAD_DAYS} days. Offers for groups are shown to who is in them and consents to \`personalised_offers\` (or is in them for a ` +
          'service they asked for), those for credit bands by the consent `credit_band`; without, the general ones alone. What merchants pay for them is not told.',
        params: object({ id: idOf('member') }),
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: OffersShown }, 404, 409),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.merchant !== null) return refuse(reply, problem('operator_only'));
      const code = request.query.programme ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
      const programme = await programmes.find(code);
      if (programme === undefined || (principal.programme?.code ?? code) !== code)
        return refuse(reply, problem('programme_not_found'));
      const member = mustReadId('member', request.params.id);
      const gone = await deps.refusalOf(member);
      if (gone !== undefined) return refuse(reply, gone);
      if (!(await deps.takesPart(member, programme.id)))
        return refuse(reply, problem('member_not_found'));
      const { id, timeZone } = programme;
      const at = programmes.programmeClock(id);
      const [book, promotions, groups] = await Promise.all([
        ruleBooks.bookAt(id, at),
        catalogue.promotions.bookAt(id, at),
        readMemberSegments(pool, member),
      ]);
      const rules = [...book.byVersion.values()].map(({ version }) => version);
      const merchants = [...new Set(rules.flatMap(({ merchant }) => merchant ?? []))];
      const [facts, boughtAt] = await Promise.all([
        deps.rewardFactsOf({ member, programme: id, merchants, at }),
        boughtAtOf(member, rules),
      ]);
      const whom = { ...facts, boughtAt };
      const days = daysFrom(at, timeZone);
      const spent = await spentBudgets(rules);
      const offers = inOrder([
        ...rules.flatMap((each) =>
          spent.has(each.id) ? [] : (offerOfRule(each, whom, days) ?? []),
        ),
        ...[...promotions.byVersion.values()].flatMap(
          (each) => offerOfPromotion(each, whom, days) ?? [],
        ),
      ]);
      const names = new Map(
        groups.flatMap((each) => (each.programme === id ? [[each.code, each] as const] : [])),
      );
      const today = localDate(at, timeZone);
      return { items: offers.map((each) => showOffer(each, today, names)) };
    },
  );

  /** Where the member has an order that something is left of, among merchants whose rules ask for a first one. */
  async function boughtAtOf(
    member: Uuid,
    rules: readonly RuleVersion[],
  ): Promise<ReadonlySet<Uuid>> {
    const asked = [
      ...new Set(rules.flatMap(({ body, merchant }) => firstOrdersAt(body, merchant) ?? [])),
    ];
    if (asked.length === 0) return new Set();
    const members = [member, ...(await deps.absorbedBy(member))];
    const counts = await countEarlierOrders(
      pool,
      asked.map((merchant) => ({ merchant, members })),
    );
    return new Set(asked.filter((_, place) => (counts[place] ?? 0) > 0));
  }

  /** Versions whose budget has nothing left. */
  async function spentBudgets(rules: readonly RuleVersion[]): Promise<ReadonlySet<string>> {
    const limited = rules.flatMap(({ id, body: { terms } }) =>
      terms?.budget === undefined ? [] : [{ id, budget: terms.budget }],
    );
    const left = await readLeft(
      pool,
      limited.map(({ budget }) => ({ member: null, limits: [{ budget, mode: 'trim' as const }] })),
    );
    return new Set(limited.flatMap(({ id }, place) => (left[place] === 0 ? [id] : [])));
  }
}
