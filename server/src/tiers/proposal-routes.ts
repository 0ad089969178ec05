import Type from 'typebox';
import { showId } from '../kernel/id.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  nullable,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { namedLadder } from './named-ladder.ts';
import { type Proposal, proposeTiers, SPAN_DAYS } from './propose-tier.ts';
import { momentOf } from './review-members.ts';
import type { TierRoutes } from './routes.ts';
import { FIRST, readVersionAt } from './scheme-store.ts';

const LIST = 'tier-proposals';

const ProposalShown = object(
  {
    memberId: idOf('member'),
    tier: nullable(Code),
    next: object({ tier: Code, name: Type.String() }),
    days: Type.Integer({ description: 'So many days up to yesterday, and as many before them.' }),
    recentVisits: Type.Integer({ description: 'Days with an order, of the later ones.' }),
    earlierVisits: Type.Integer(),
    recentSpendFen: Type.Integer(),
  },
  { title: 'TierProposal' },
);

/** Members who come much more often than before: whom to give the next tier early. */
export function proposalRoutes(app: App, deps: TierRoutes): void {
  const { pool, programmes } = deps;

  app.get(
    '/tiers/proposals',
    {
      config: { scopes: ['tiers:read'], perProgramme: true },
      schema: {
        operationId: 'listTierProposals',
        tags: ['tiers'],
        summary: 'List members who come much more often than before',
        description:
          'At least twice as often in 60 days as in the 60 before, on 4 days or more, and not in the highest tier or in one given by hand. ' +
          'Nothing happens by itself: who agrees gives the next tier (`POST /members/{id}/tier`) with a reason, which the history keeps. ' +
          'A page looks at 10,000 members at most, and may be empty before the last.',
        querystring: object({
          ...PageQuery,
          programme: Type.Optional(Code),
          merchantId: Type.Optional(idOf('merchant')),
        }),
        response: answers({ 200: pageOf(ProposalShown, 'TierProposalPage') }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const { programme, ladder } = await namedLadder(deps, principalOf(request), request.query);
      const now = programmes.programmeClock(programme.id);
      const version = await readVersionAt(pool, ladder, now);
      if (version === undefined) return refuse(reply, problem('tiers_not_found'));
      const moment = momentOf(deps, programme, [version], now);
      const page = { after: start.after ?? FIRST, limit };
      const { proposals, last } = await proposeTiers(pool, moment, ladder, page);
      return {
        items: proposals.map(showProposal),
        nextCursor: last === null ? null : writeCursor(LIST, [last]),
      };
    },
  );
}

function showProposal({ member, next, ...figures }: Proposal) {
  return {
    memberId: showId('member', member),
    next: { tier: next.code, name: next.name },
    days: SPAN_DAYS,
    ...figures,
  };
}
