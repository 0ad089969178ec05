import { APIError } from 'better-auth/api';
import type { Uuid } from '../kernel/id.ts';
import { companionOf, readCookie } from '../platform/web/session-cookie.ts';
import { ADDRESS_HEADER, cookieNames, createLibrary, type LibraryOptions } from './library.ts';

/** What a browser sent, as far as signing in concerns it. */
export interface From {
  readonly cookie: string | undefined;
  readonly userAgent: string | undefined;
  readonly address: string;
  /** Of the page that asks: passkeys sign it. */
  readonly origin: string;
  /** The request's id, and the operation it asks for: for the audit log. */
  readonly request: string;
  readonly operation: string;
}

/** Why the library said no: what it calls it. */
export interface Refused {
  readonly refused: string;
}

/** A session that began, or took the place of the one before; `cookies` are `Set-Cookie` headers for its browser. */
export interface Opened {
  readonly login: Uuid;
  readonly token: string;
  readonly cookies: readonly string[];
}

/** The password was right, and a code of an authenticator is asked for. */
export interface Pending {
  readonly pending: true;
  readonly cookies: readonly string[];
}

export interface Told<T> {
  readonly told: T;
  readonly cookies: readonly string[];
}

type Answer<T> = Promise<T | Refused>;

/** Proves who people are. Expected refusals are values; what the library throws beyond them is a bug. */
export interface Engine {
  /** The names of the cookies it gives and takes. */
  readonly cookies: ReturnType<typeof cookieNames>;
  signIn(from: From, email: string, password: string): Answer<Opened | Pending>;
  /** By a code of the authenticator: in a session, or after the password. */
  byCode(from: From, code: string): Answer<Opened>;
  byBackupCode(from: From, code: string): Answer<Opened>;
  passkeyOptions(from: From): Answer<Told<object>>;
  byPasskey(from: From, response: object): Answer<Opened>;
  hashPassword(password: string): Promise<string>;
  /** Whether it is their password; takes as long when they have none. */
  isPassword(login: Uuid, password: string): Promise<boolean>;
  /** Ends all their sessions but a new one. */
  changePassword(from: From, current: string, password: string): Answer<Opened>;
  beginTotp(from: From, password: string): Answer<{ uri: string; backupCodes: readonly string[] }>;
  newBackupCodes(from: From, password: string): Answer<{ backupCodes: readonly string[] }>;
  newPasskeyOptions(from: From): Answer<Told<object>>;
  addPasskey(from: From, name: string, response: object): Answer<{ id: Uuid }>;
}

export async function createEngine(options: LibraryOptions): Promise<Engine> {
  const library = await createLibrary(options);
  const { api } = library;
  const context = await library.$context;
  const cookies = cookieNames(options.publicUrl);
  const isSession = (cookie: string): boolean => cookie.startsWith(`${cookies.session}=`);
  const isOurs = (cookie: string): boolean =>
    Object.values(cookies).some((name) => cookie.startsWith(`${name}=`));
  const told = (headers: Headers): string[] =>
    headers
      .getSetCookie()
      .filter(isOurs)
      .flatMap((each) => (isSession(each) ? [each, companionOf(each)] : [each]));

  /** A session and its cookies, of what answers with a token and a user. */
  async function open(
    work: Promise<{
      readonly headers: Headers;
      readonly response: { readonly token?: string | null; readonly user: { readonly id: string } };
    }>,
  ): Answer<Opened> {
    return await attempt(async () => {
      const { headers, response } = await work;
      const set = told(headers);
      // Where a session takes the place of another, it is the cookie that tells the new one.
      const token = tokenIn(set) ?? response.token;
      if (typeof token !== 'string') throw new Error('a session has a token');
      return { login: response.user.id as Uuid, token, cookies: set };
    });
  }
  const tokenIn = (set: readonly string[]): string | undefined => {
    const cookie = set.find(isSession);
    return readCookie(cookie?.split(';', 1)[0], cookies.session)?.split('.', 1)[0];
  };

  return {
    cookies,
    async signIn(from, email, password) {
      return await attempt(async () => {
        const body = { email, password };
        const { headers, response } = await api.signInEmail({
          body,
          headers: headersOf(from),
          returnHeaders: true,
        });
        if (!('token' in response)) return { pending: true, cookies: told(headers) };
        const { token, user } = response;
        return { login: user.id as Uuid, token, cookies: told(headers) };
      });
    },
    byCode: (from, code) =>
      open(api.verifyTOTP({ body: { code }, headers: headersOf(from), returnHeaders: true })),
    byBackupCode: (from, code) =>
      open(
        api.verifyBackupCode({
          body: { code },
          headers: headersOf(from),
          returnHeaders: true,
        }) as never,
      ),
    passkeyOptions: (from) =>
      attempt(async () => {
        const { headers, response } = await api.generatePasskeyAuthenticationOptions({
          headers: headersOf(from),
          returnHeaders: true,
        });
        return {
          told: { ...response, userVerification: 'required' },
          cookies: told(headers),
        };
      }),
    byPasskey: (from, response) =>
      attempt(async () => {
        const asked = {
          body: { response },
          headers: headersOf(from),
          returnHeaders: true as const,
        };
        const answer = await api.verifyPasskeyAuthentication(asked as never);
        const { headers, response: opened } = answer as unknown as SessionTold;
        const { session, user } = opened;
        return { login: user.id as Uuid, token: session.token, cookies: told(headers) };
      }),
    hashPassword: (password) => context.password.hash(password),
    async isPassword(login, password) {
      const account = await context.internalAdapter.findCredentialAccount(login);
      const hash = account?.password;
      if (hash) return await context.password.verify({ hash, password });
      await context.password.hash(password);
      return false;
    },
    changePassword: (from, currentPassword, newPassword) =>
      open(
        api.changePassword({
          body: { currentPassword, newPassword, revokeOtherSessions: true },
          headers: headersOf(from),
          returnHeaders: true,
        }),
      ),
    beginTotp: (from, password) =>
      attempt(async () => {
        const answer = await api.enableTwoFactor({
          body: { password, method: 'totp' },
          headers: headersOf(from),
        });
        if (!('totpURI' in answer)) throw new Error('an authenticator has an address');
        return { uri: answer.totpURI, backupCodes: answer.backupCodes };
      }),
    newBackupCodes: (from, password) =>
      attempt(() => api.generateBackupCodes({ body: { password }, headers: headersOf(from) })),
    newPasskeyOptions: (from) =>
      attempt(async () => {
        const { headers, response } = await api.generatePasskeyRegistrationOptions({
          headers: headersOf(from),
          returnHeaders: true,
        });
        return { told: response, cookies: told(headers) };
      }),
    addPasskey: (from, name, response) =>
      attempt(async () => {
        const headers = headersOf(from);
        const { id } = await api.verifyPasskeyRegistration({ body: { response, name }, headers });
        return { id: id as Uuid };
      }),
  };
}

/** What the library answers to a passkey, whose type depends on ours of its body. */
interface SessionTold {
  readonly headers: Headers;
  readonly response: {
    readonly session: { readonly token: string };
    readonly user: { readonly id: string };
  };
}

/** Takes the library's refusals for values. */
async function attempt<T>(work: () => Promise<T>): Answer<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const code = String(error.body?.code ?? error.status);
    // It calls a passkey that it cannot read its own fault.
    if (error.statusCode >= 500 && code !== 'FAILED_TO_VERIFY_REGISTRATION') throw error;
    return { refused: code };
  }
}

export function isRefused(answer: object): answer is Refused {
  return 'refused' in answer;
}

function headersOf({ cookie, userAgent, address, origin }: From): Headers {
  const headers = new Headers({ origin, [ADDRESS_HEADER]: address });
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (userAgent !== undefined) headers.set('user-agent', userAgent);
  return headers;
}
