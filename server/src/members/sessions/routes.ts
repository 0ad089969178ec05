import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { showId } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import type { Sms } from '../../platform/sms/sms.ts';
import { networkOf } from '../../platform/web/network.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, idOf, object } from '../../platform/web/schema.ts';
import { isCrossSite } from '../../platform/web/session-cookie.ts';
import { PhoneText } from '../member.ts';
import { normalisePhone } from '../phone.ts';
import { askForCode } from './ask-for-code.ts';
import { CODE_DIGITS, LASTS_MAX_MS } from './limits.ts';
import { ownRoutes } from './own-routes.ts';
import type { MemberCookie } from './session-cookie.ts';
import { signIn } from './sign-in.ts';

export interface MemberSessionRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Who sends codes; undefined: nobody does, and no member can sign in. */
  readonly sms: Sms | undefined;
  readonly cookie: MemberCookie;
  readonly publicOrigin: string;
  /** Told that a code was not sent: never which, nor to whom. */
  readonly onError: (error: unknown) => void;
  /** Told who has become a member by signing in. */
  readonly onJoined?: (members: readonly Uuid[]) => Promise<void>;
}

const tags = ['member sign-in'];
const noDryRun = 'a code would be sent, or a session begun';
const USER_AGENT_MAX = 200;

const Join = Type.Optional(
  Type.String({
    ...Code,
    description:
      'The programme to join, for whoever is no member yet: where `membersJoinThemselves` is set.',
  }),
);

const Invitation = Type.Optional(
  Type.String({
    pattern: '^[0-9A-Za-z]{1,32}$',
    description:
      'The code of the invitation they come by (`from` of its link). It counts for whoever becomes a member by this; any other is passed over.',
  }),
);

export function memberSessionRoutes(app: App, deps: MemberSessionRoutes): void {
  const { pool, clock, sealer, sms, cookie, publicOrigin, onError, onJoined } = deps;

  // A page of another site may not sign anybody in: as whom they act is what they would not see.
  const fromHere = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    isCrossSite(request, publicOrigin) ? refuse(reply, problem('cross_site')) : undefined;

  app.post(
    '/member-sign-in/codes',
    {
      config: { scopes: 'public', noDryRun },
      onRequest: fromHere,
      schema: {
        operationId: 'requestMemberCode',
        tags,
        summary: 'Have a code sent to a phone, to sign in as its member',
        description:
          'Answered alike whether the number is known or not. Of each number one a minute, five an hour, ten a day.',
        body: object({ phone: PhoneText, join: Join }, { title: 'MemberCodeRequest' }),
        response: answers({ 202: object({}, { title: 'MemberCodeRequested' }) }, 422),
      },
    },
    async (request, reply) => {
      if (sms === undefined) return refuse(reply, problem('sms_unavailable'));
      const phone = normalisePhone(request.body.phone);
      if (phone === undefined) return refuse(reply, problem('phone_invalid'));
      const asked = { phone, network: networkOf(request.ip), join: request.body.join ?? null };
      const made = await withTransaction(pool, (tx) => askForCode(tx, asked, { sealer, clock }));
      if ('refusal' in made) return refuseLater(reply, made.refusal);
      // Nobody waits for it: how long it takes would tell that it is sent.
      if (made.send !== null)
        sms
          .send({ phone, template: 'member_sign_in_code', params: { code: made.send } })
          .catch(onError);
      return reply.code(202).send({});
    },
  );

  app.post(
    '/member-sign-in',
    {
      config: { scopes: 'public', noDryRun },
      onRequest: fromHere,
      schema: {
        operationId: 'signInMember',
        tags,
        summary: 'Sign in as a member, by the code that was sent: sets a cookie',
        description:
          'A code counts once; but the same request, with the same Idempotency-Key, may be sent again within two minutes where its answer was lost: it goes on with the session that began.',
        body: object(
          {
            phone: PhoneText,
            code: Type.String({ pattern: `^\\d{${CODE_DIGITS}}$` }),
            join: Join,
            invitation: Invitation,
          },
          { title: 'MemberSignIn' },
        ),
        response: answers(
          {
            200: object(
              {
                memberId: idOf('member'),
                sessionId: idOf('session'),
                joined: Type.Boolean({ description: 'They became a member by this.' }),
                expiresAt: Type.String({ format: 'date-time' }),
              },
              { title: 'MemberSignedIn' },
            ),
          },
          422,
        ),
      },
    },
    async (request, reply) => {
      const { code, join = null, invitation = null } = request.body;
      const phone = normalisePhone(request.body.phone);
      if (phone === undefined) return refuse(reply, problem('phone_invalid'));
      const userAgent = request.headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null;
      const before = cookie.tokenOf(request);
      const { 'idempotency-key': given } = request.headers;
      const key = typeof given === 'string' && given !== '' ? given : undefined;
      const told = await withTransaction(pool, (tx) =>
        signIn(tx, { phone, code, join, invitation, userAgent, key, before }, { sealer, clock }),
      );
      if ('refusal' in told) return refuse(reply, told.refusal);
      const { session, token, hasJoined } = told;
      if (hasJoined) await onJoined?.([session.member]);
      cookie.set(reply, token);
      return reply.code(200).send({
        memberId: showId('member', session.member),
        sessionId: showId('session', session.id),
        joined: hasJoined,
        expiresAt: showInstant(session.begunAt + LASTS_MAX_MS),
      });
    },
  );

  ownRoutes(app, { pool, clock, sealer, cookie });
}

function refuseLater(reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.header('retry-after', Number(refusal.facts?.retryAfterSeconds));
  return refuse(reply, refusal);
}
