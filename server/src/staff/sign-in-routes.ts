import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { createFailedAttempts } from '../keys/failed-attempts.ts';
import { networkOf } from '../platform/web/network.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, object } from '../platform/web/schema.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { type From, isRefused } from './engine.ts';
import { assertOwnSite, clearCookie, fromOf, setCookies } from './from-request.ts';
import { PASSWORD_MAX } from './library.ts';
import {
  type SignInDeps,
  type SignInOutcome,
  signIn,
  signInByCode,
  signInByPasskey,
} from './sign-in.ts';
import { Email, StaffShown, showStaff } from './staff.ts';

const tags = ['sign-in'];
const config = { scopes: 'public' } as const;

/** Longer ones are refused before anybody hashes them. */
export const PasswordText = Type.String({ minLength: 1, maxLength: PASSWORD_MAX });
/** What a browser's `navigator.credentials` gives back; its parts are read by the library. */
export const PasskeyResponse = Type.Object(
  { id: Type.String({ maxLength: 1_024 }), type: Type.String({ maxLength: 64 }) },
  { additionalProperties: true, title: 'PasskeyResponse' },
);
export const PasskeyOptions = object(
  {
    options: Type.Object(
      {},
      { additionalProperties: true, description: 'For `navigator.credentials`, in the JSON form.' },
    ),
  },
  { title: 'PasskeyOptions' },
);

const SignInAnswer = Type.Union(
  [
    object({ state: Type.Literal('signed_in'), staff: StaffShown }, { title: 'SignedIn' }),
    object(
      {
        state: Type.Literal('second_factor'),
        methods: Type.Array(
          Type.Enum(['authenticator', 'backup_code', 'passkey'], { title: 'SecondFactorMethod' }),
        ),
      },
      { title: 'SecondFactorAsked' },
    ),
  ],
  { title: 'SignInAnswer' },
);

/** How people come in. All of it is public, limited by account and network, and tells nobody which accounts there are. */
export function signInRoutes(app: App, deps: SignInDeps & { readonly publicOrigin: string }): void {
  const { clock, engine, publicOrigin } = deps;
  // Each challenge is a row: whoever asks for a hundred in a minute does not want to sign in.
  const challenges = createFailedAttempts(clock);
  // What is refused is two rows of the audit log each: nobody fills it who knows neither account nor password.
  const tries = createFailedAttempts(clock);

  async function paced(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (from: From) => Promise<SignInOutcome>,
  ) {
    assertOwnSite(request, publicOrigin);
    const taken = tries.take(request.ip);
    if ('retryAfterSeconds' in taken) {
      reply.header('retry-after', taken.retryAfterSeconds);
      return refuse(reply, problem('too_many_attempts'));
    }
    const outcome = await work(fromOf(request, publicOrigin));
    if (!('refusal' in outcome)) taken.giveBack();
    return answer(reply, outcome);
  }

  function answer(reply: FastifyReply, outcome: SignInOutcome) {
    if ('refusal' in outcome) {
      const { retryAfterSeconds } = outcome.refusal.facts ?? {};
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
      return refuse(reply, outcome.refusal);
    }
    setCookies(reply, outcome.cookies);
    if (outcome.state === 'second_factor')
      return { state: outcome.state, methods: [...outcome.methods] };
    return { state: outcome.state, staff: showStaff(outcome.staff) };
  }

  app.post(
    '/sign-in',
    {
      config,
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Sign in by e-mail address and password; the session is in a cookie',
        description:
          'What is wrong is never told: an unknown address, a wrong password and a suspended account are answered alike. Five wrong passwords in a quarter of an hour lock the account’s password for a while that grows.',
        body: object({ email: Email, password: PasswordText }, { title: 'SignIn' }),
        response: answers({ 200: SignInAnswer }),
      },
    },
    (request, reply) => paced(request, reply, (from) => signIn(deps, from, request.body)),
  );

  app.post(
    '/sign-in/second-factor',
    {
      config,
      schema: {
        operationId: 'signInSecondFactor',
        tags,
        summary: 'Give the code of the authenticator, or a backup code, after the password',
        description:
          'Within five minutes of the password, in the same browser; each code counts once.',
        body: Type.Union(
          [
            object({ code: Type.String({ pattern: '^\\d{6}$' }) }, { title: 'AuthenticatorCode' }),
            object(
              { backupCode: Type.String({ pattern: '^[A-Za-z0-9]{5}-[A-Za-z0-9]{5}$' }) },
              { title: 'BackupCode' },
            ),
          ],
          { title: 'SecondFactor' },
        ),
        response: answers({ 200: SignInAnswer }),
      },
    },
    (request, reply) => paced(request, reply, (from) => signInByCode(deps, from, request.body)),
  );

  app.post(
    '/sign-in/passkey/options',
    {
      config,
      schema: {
        operationId: 'passkeySignInOptions',
        tags,
        summary: 'Ask what a passkey is to sign',
        response: answers({ 200: PasskeyOptions }),
      },
    },
    async (request, reply) => {
      assertOwnSite(request, publicOrigin);
      const taken = challenges.take(request.ip);
      if ('retryAfterSeconds' in taken) {
        reply.header('retry-after', taken.retryAfterSeconds);
        return refuse(reply, problem('too_many_attempts'));
      }
      const told = await engine.passkeyOptions(fromOf(request, publicOrigin));
      if (isRefused(told)) return refuse(reply, problem('passkey_refused'));
      setCookies(reply, told.cookies);
      return { options: { ...told.told } };
    },
  );

  app.post(
    '/sign-in/passkey',
    {
      config,
      schema: {
        operationId: 'signInByPasskey',
        tags,
        summary: 'Sign in by a passkey, with a password before it or without',
        body: object({ response: PasskeyResponse }, { title: 'PasskeySignIn' }),
        response: answers({ 200: SignInAnswer }),
      },
    },
    (request, reply) =>
      paced(request, reply, async (from) => {
        const outcome = await signInByPasskey(deps, from, request.body.response);
        if (!('refusal' in outcome)) clearCookie(reply, engine.cookies.ceremony);
        return outcome;
      }),
  );

  app.post(
    '/invitations/accept',
    {
      config,
      schema: {
        operationId: 'acceptInvitation',
        tags,
        summary: 'Open an account by its invitation, with a password',
        body: object(
          { token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }), password: PasswordText },
          { title: 'InvitationAccepted' },
        ),
        response: answers(
          { 200: object({ email: Type.String() }, { title: 'AccountOpened' }) },
          422,
        ),
      },
    },
    async (request, reply) => {
      assertOwnSite(request, publicOrigin);
      // Of this address alone: nobody else's invitation is locked by who guesses.
      const network = networkOf(request.ip);
      const attempt = await deps.attempts.take(`invitation from ${network}`, request.ip);
      if ('retryAfterSeconds' in attempt) {
        reply.header('retry-after', attempt.retryAfterSeconds);
        return refuse(reply, problem('too_many_attempts'));
      }
      const from = fromOf(request, publicOrigin);
      const opened = await acceptInvitation(deps, request.body);
      if (!('code' in opened)) {
        await attempt.right();
        await deps.onSignIn({ kind: 'signed_in', staff: opened }, from);
        return { email: opened.email };
      }
      if (opened.code === 'invitation_refused') {
        await attempt.wrong();
        await deps.onSignIn({ kind: 'refused', staff: null, refusal: opened }, from);
      } else await attempt.right();
      return refuse(reply, opened);
    },
  );
}
