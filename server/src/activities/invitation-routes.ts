import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { makeInvitation } from '../members/invitations/make-invitation.ts';
import { readInvitation } from '../members/invitations/store.ts';
import type { Person } from '../members/person.ts';
import { principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  nullable,
  object,
  Points,
  PointsShown,
} from '../platform/web/schema.ts';
import type { Programme } from '../programs/programme.ts';
import { referralOffer, rewardsOf } from './referral-offer.ts';
import type { PointTypeCode } from './show.ts';
import { countReferrals } from './store.ts';
import type { ActivityDeps } from './tell-activities.ts';

export interface InvitationRoutes extends ActivityDeps {
  readonly codeOf: PointTypeCode;
  readonly person: Person;
}

const tags = ['activities'];
const params = object({ id: idOf('member') });
const DEFAULT_PROGRAMME = 'default';

const InvitationCode = Type.String({
  description: 'What its link carries: `/m/?join=PROGRAMME&from=CODE`. Nobody’s id.',
  examples: ['7k3mzq92xa'],
});

const Reward = object(
  {
    pointType: Code,
    points: Points,
    pendingDays: Type.Integer({ minimum: 0, description: 'Until they can be spent.' }),
    caps: Type.Array(
      object({
        per: Type.Enum(['day', 'week', 'month', 'year', 'ever']),
        points: Points,
        counted: PointsShown,
      }),
      { description: 'The most that referrals give, and what of it was given so far.' },
    ),
    usedUp: Type.Boolean({ description: 'Nothing more would be given at this moment.' }),
  },
  { title: 'ReferralReward', description: 'What one referral gives, once.' },
);

const InvitationShown = object(
  {
    programme: Code,
    code: nullable(InvitationCode),
    offer: Type.Unsafe<{
      merchantId: string;
      rewards: Type.Static<typeof Reward>[];
    } | null>(
      nullable(
        object(
          { merchantId: idOf('merchant'), rewards: Type.Array(Reward) },
          {
            title: 'ReferralOffer',
            description: 'By the rules in force; who issues it, and what it is.',
          },
        ),
      ),
    ),
    joined: Type.Integer({ description: 'How many have come by this member so far.' }),
  },
  { title: 'Invitation', description: 'Without an offer there is nothing to share for.' },
);

/** How a member brings somebody: one step, and never who it was. */
export function invitationRoutes(app: App, deps: InvitationRoutes): void {
  const { pool, clock, sealer, programmes, person, codeOf } = deps;

  app.get(
    '/members/:id/invitation',
    {
      config: { scopes: ['activities:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getInvitation',
        tags,
        summary: 'What a member is given for somebody who joins by them, and their invitation',
        params,
        querystring: object({ programme: Type.Optional(Code) }),
        response: answers({ 200: InvitationShown }, 404, 409),
      },
    },
    async (request, reply) => {
      const asked = await askedBy(request, request.params.id, request.query.programme);
      if ('refusal' in asked) return refuse(reply, asked.refusal);
      const { member, programme } = asked;
      const sharing = {
        member,
        programme: programme.id,
        at: programmes.programmeClock(programme.id),
      };
      const [code, offer, absorbed] = await Promise.all([
        readInvitation(pool, member, programme.id),
        referralOffer(deps, sharing),
        person.absorbedBy(member),
      ]);
      const rewards = offer === undefined ? [] : await rewardsOf(deps, sharing, offer);
      return {
        programme: programme.code,
        code: code ?? null,
        offer:
          offer === undefined
            ? null
            : {
                merchantId: showId('merchant', offer.merchant),
                rewards: rewards.map(({ pointType, isUsedUp, caps, ...reward }) => ({
                  ...reward,
                  caps: caps.map((cap) => ({
                    ...cap,
                    per: cap.per as Exclude<typeof cap.per, 'order'>,
                  })),
                  pointType: codeOf(programme.id, pointType),
                  usedUp: isUsedUp,
                })),
              },
        joined: await countReferrals(pool, [member, ...absorbed], programme.id),
      };
    },
  );

  app.post(
    '/members/:id/invitation',
    {
      config: { scopes: ['activities:write'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'createInvitation',
        tags,
        summary: 'Make a member’s invitation to a programme: the same one, however often',
        params,
        body: object({ programme: Type.Optional(Code) }, { title: 'NewInvitation' }),
        response: answers(
          { 200: object({ programme: Code, code: InvitationCode }, { title: 'InvitationMade' }) },
          404,
          409,
        ),
      },
    },
    async (request, reply) => {
      const asked = await askedBy(request, request.params.id, request.body.programme);
      if ('refusal' in asked) return refuse(reply, asked.refusal);
      const { member, programme } = asked;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const code = await makeInvitation(
          tx,
          { member, programme: programme.id },
          { sealer, at: clock.now() },
        );
        return { status: 200, body: { programme: programme.code, code } };
      });
      return sendStored(reply, answer);
    },
  );

  /** Who is asked about, and in which programme. What a member shares is no merchant's business. */
  async function askedBy(
    request: FastifyRequest,
    id: string,
    named: string | undefined,
  ): Promise<
    { readonly refusal: Refusal } | { readonly member: Uuid; readonly programme: Programme }
  > {
    const principal = principalOf(request);
    if (principal.merchant !== null) return { refusal: problem('operator_only') };
    const code = named ?? principal.programme?.code ?? DEFAULT_PROGRAMME;
    const programme = await programmes.find(code);
    if (programme === undefined || (principal.programme?.code ?? code) !== code)
      return { refusal: problem('programme_not_found') };
    const member = mustReadId('member', id);
    const gone = await person.refusalOf(member);
    if (gone !== undefined) return { refusal: gone };
    if (!(await person.takesPart(member, programme.id)))
      return { refusal: problem('member_not_found') };
    return { member, programme };
  }
}
