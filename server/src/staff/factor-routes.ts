import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { RefusalError } from '../kernel/refusal.ts';
import { type Transaction, withTransaction } from '../platform/database.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  nullable,
  object,
  text,
} from '../platform/web/schema.ts';
import { isRefused } from './engine.ts';
import { deleteAuthenticator, deletePasskey, listPasskeys, useCode } from './factor-store.ts';
import { fromOf, setCookies, signedInOf } from './from-request.ts';
import { hashOfToken } from './hashed-tokens.ts';
import { needsSecondFactor } from './role.ts';
import { endSession, endSessions, findSession } from './session-store.ts';
import { aliveAt } from './sessions.ts';
import type { SignInDeps } from './sign-in.ts';
import { PasskeyOptions, PasskeyResponse, PasswordText } from './sign-in-routes.ts';
import { reachOfStaff, type Staff } from './staff.ts';
import { findStaff, lockStaff } from './store.ts';

const tags = ['sign-in'];
const config = {
  scopes: [],
  perProgramme: true,
  noDryRun: 'what it answers opens something, or is asked of the person in front of it',
} as const;
const provenConfig = { ...config, proven: true } as const;
const read = { scopes: [], perProgramme: true } as const;

const PasskeyShown = object(
  {
    id: idOf('passkey'),
    name: nullable(Type.String()),
    synced: Type.Boolean({ description: 'Whether its maker keeps it in more than one place.' }),
    createdAt: InstantText,
  },
  { title: 'Passkey' },
);
const PasskeyList = object({ items: Type.Array(PasskeyShown) }, { title: 'PasskeyList' });
const BackupCodes = object(
  { backupCodes: Type.Array(Type.String({ description: 'Each counts once, instead of a code.' })) },
  { title: 'BackupCodes' },
);
const Factors = object(
  { state: Type.Enum(['set_up', 'removed']) },
  { title: 'SecondFactorChanged' },
);

/** How somebody sets up, changes and takes away their own second factors. */
export function factorRoutes(
  app: App,
  deps: SignInDeps & {
    readonly publicOrigin: string;
    /** Makes this process look all sessions up again. */
    readonly forgetAll: () => void;
  },
): void {
  const { attempts, clock, engine, pool, publicOrigin } = deps;

  async function selfOf(request: FastifyRequest): Promise<Staff> {
    const staff = await findStaff(pool, signedInOf(request).id);
    if (staff === undefined) throw new RefusalError(problem('session_ended'));
    // Known to everybody, it would be locked for everybody by whoever adds one.
    if (staff.demo)
      throw new RefusalError(problem('own_account', 'accounts of the demo stay as they are'));
    return staff;
  }

  /** Asks for a password, as the sign-in does: a session that was left open is no way to guess it. */
  async function byPassword<T extends object>(
    request: FastifyRequest,
    staff: Staff,
    work: () => Promise<T>,
  ): Promise<Exclude<T, { refused: string }>> {
    const attempt = await attempts.take(staff.email, request.ip);
    if ('retryAfterSeconds' in attempt) throw new RefusalError(problem('too_many_attempts'));
    const told = await work();
    if (!isRefused(told)) {
      await attempt.right();
      return told as Exclude<T, { refused: string }>;
    }
    await attempt.wrong();
    throw new RefusalError(problem('password_wrong'));
  }

  app.post(
    '/session/totp',
    {
      config,
      schema: {
        operationId: 'beginAuthenticator',
        tags,
        summary: 'Begin to set up an authenticator; it counts once a code of it was given',
        body: object({ password: PasswordText }, { title: 'AuthenticatorBegun' }),
        response: answers(
          {
            200: object(
              {
                uri: Type.String({ description: 'otpauth://…, to be shown as a QR code.' }),
                secret: Type.String({ description: 'The same to be typed, in base32.' }),
                backupCodes: Type.Array(Type.String()),
              },
              { title: 'AuthenticatorSecret' },
            ),
          },
          409,
          422,
        ),
      },
    },
    async (request, reply) => {
      const staff = await selfOf(request);
      if (staff.hasAuthenticator) return refuse(reply, problem('second_factor_exists'));
      const { password } = request.body;
      const from = fromOf(request, publicOrigin);
      const begun = await byPassword(request, staff, () => engine.beginTotp(from, password));
      const secret = new URL(begun.uri).searchParams.get('secret') ?? '';
      return { uri: begun.uri, secret, backupCodes: [...begun.backupCodes] };
    },
  );

  app.put(
    '/session/totp',
    {
      config,
      schema: {
        operationId: 'confirmAuthenticator',
        tags,
        summary: 'Confirm the authenticator by a code of it; all other sessions end',
        body: object(
          { code: Type.String({ pattern: '^\\d{6}$' }) },
          { title: 'AuthenticatorConfirmed' },
        ),
        response: answers({ 200: Factors }, 409, 422),
      },
    },
    async (request, reply) => {
      const staff = await selfOf(request);
      if (staff.hasAuthenticator) return refuse(reply, problem('second_factor_exists'));
      const { session } = signedInOf(request);
      const { code } = request.body;
      if (!(await useCode(pool, staff.id, code, clock.now())))
        return refuse(reply, problem('second_factor_refused'));
      const opened = await engine.byCode(fromOf(request, publicOrigin), code);
      if (isRefused(opened))
        return refuse(
          reply,
          problem(
            opened.refused === 'INVALID_CODE' ? 'second_factor_refused' : 'second_factor_missing',
          ),
        );
      // The library gives the session a new token; the ones that began by the password alone end.
      await withTransaction(pool, async (tx) => {
        await endSession(tx, session);
        await endSessions(tx, staff.id, await idOfToken(opened.token));
      });
      deps.forgetAll();
      setCookies(reply, opened.cookies);
      return { state: 'set_up' as const };
    },
  );

  app.delete(
    '/session/totp',
    {
      config: provenConfig,
      schema: {
        operationId: 'removeAuthenticator',
        tags,
        summary: 'Take the authenticator away',
        response: answers({ 200: Factors }, 409),
      },
    },
    async (request, reply) => {
      const { id } = await selfOf(request);
      const isGone = await withTransaction(pool, async (tx) => {
        const staff = await mustLock(tx, id);
        if (staff.hasAuthenticator && staff.passkeys === 0) assertMayGo(staff);
        return await deleteAuthenticator(tx, id);
      });
      return isGone
        ? { state: 'removed' as const }
        : refuse(reply, problem('second_factor_missing'));
    },
  );

  app.post(
    '/session/backup-codes',
    {
      config,
      schema: {
        operationId: 'makeBackupCodes',
        tags,
        summary: 'Make new backup codes; the ones before count no more',
        body: object({ password: PasswordText }, { title: 'BackupCodesAsked' }),
        response: answers({ 200: BackupCodes }, 409, 422),
      },
    },
    async (request, reply) => {
      const staff = await selfOf(request);
      if (!staff.hasAuthenticator) return refuse(reply, problem('second_factor_missing'));
      const { password } = request.body;
      const from = fromOf(request, publicOrigin);
      const made = await byPassword(request, staff, () => engine.newBackupCodes(from, password));
      return { backupCodes: [...made.backupCodes] };
    },
  );

  app.get(
    '/session/passkeys',
    {
      config: read,
      schema: {
        operationId: 'listPasskeys',
        tags,
        summary: 'List your passkeys',
        response: answers({ 200: PasskeyList }),
      },
    },
    async (request) => {
      const passkeys = await listPasskeys(pool, signedInOf(request).id);
      return { items: passkeys.map(showPasskey) };
    },
  );

  app.post(
    '/session/passkeys/options',
    {
      config: provenConfig,
      schema: {
        operationId: 'newPasskeyOptions',
        tags,
        summary: 'Ask what a new passkey is to be made of',
        response: answers({ 200: PasskeyOptions }, 409),
      },
    },
    async (request, reply) => {
      await selfOf(request);
      const told = await engine.newPasskeyOptions(fromOf(request, publicOrigin));
      if (isRefused(told)) return refuse(reply, problem('session_ended'));
      setCookies(reply, told.cookies);
      return { options: { ...told.told } };
    },
  );

  app.post(
    '/session/passkeys',
    {
      config: provenConfig,
      schema: {
        operationId: 'addPasskey',
        tags,
        summary: 'Add a passkey that was made by these options',
        body: object({ name: text(60), response: PasskeyResponse }, { title: 'NewPasskey' }),
        response: answers({ 201: PasskeyShown }, 409, 422),
      },
    },
    async (request, reply) => {
      const staff = await selfOf(request);
      const { name, response } = request.body;
      const added = await engine.addPasskey(fromOf(request, publicOrigin), name, response);
      if (isRefused(added)) return refuse(reply, problem('passkey_refused'));
      const passkey = (await listPasskeys(pool, staff.id)).find(({ id }) => id === added.id);
      if (passkey === undefined) throw new Error('a passkey that was added is there');
      deps.forgetAll();
      return reply.code(201).send(showPasskey(passkey));
    },
  );

  app.delete(
    '/session/passkeys/:id',
    {
      config: provenConfig,
      schema: {
        operationId: 'removePasskey',
        tags,
        summary: 'Take a passkey away',
        params: object({ id: idOf('passkey') }),
        response: answers({ 200: Factors }, 404, 409),
      },
    },
    async (request, reply) => {
      const self = await selfOf(request);
      const id = mustReadId('passkey', request.params.id);
      const isGone = await withTransaction(pool, async (tx) => {
        const staff = await mustLock(tx, self.id);
        if (staff.passkeys === 1 && !staff.hasAuthenticator) assertMayGo(staff);
        return await deletePasskey(tx, staff.id, id);
      });
      return isGone ? { state: 'removed' as const } : refuse(reply, problem('passkey_not_found'));
    },
  );

  /** The id of the session that has this token. */
  async function idOfToken(token: string): Promise<Uuid> {
    const session = await findSession(pool, hashOfToken(token), aliveAt(clock.now()));
    if (session === undefined) throw new Error('a session that has just begun is there');
    return session.id;
  }
}

/** The account as it stays until the transaction ends: of two who take away a factor at once, one sees that it is the last. */
async function mustLock(tx: Transaction, id: Uuid): Promise<Staff> {
  const staff = await lockStaff(tx, id);
  if (staff === undefined) throw new RefusalError(problem('session_ended'));
  return staff;
}

/** Throws the refusal when somebody would be left without the second factor that their role asks for. */
function assertMayGo(staff: Staff): void {
  if (needsSecondFactor(staff.role, reachOfStaff(staff)))
    throw new RefusalError(problem('second_factor_required', 'the role asks for a second factor'));
}

function showPasskey({ id, name, synced, createdAt }: Awaited<ReturnType<typeof listPasskeys>>[0]) {
  return { id: showId('passkey', id), name, synced, createdAt: showInstant(createdAt) };
}
