import type { FastifyRequest } from 'fastify';
import type { Uuid } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { problem } from './problem.ts';

/** What a key may do. A route names the scopes it needs; a key needs all of them. */
export const SCOPES = {
  'points:write': 'Issue, burn, hold, capture, release, return and refund points',
  'points:read': 'Read balances, lots, transactions and trails',
  'points:adjust': 'Correct a balance by hand',
  'points:overdraft': 'Burn more than there is, as agreed at an offline till',
  'points:backdate': 'Give transactions an effective time in the past',
  'orders:write': 'Record orders and returns of goods',
  'orders:read': 'Read orders',
  'activities:write': 'Record activities',
  'activities:read': 'Read activities',
  'certificates:write': 'Write down, change and revoke certificates',
  'certificates:read': 'Read certificates',
  'carbon:write': 'Publish how what green behaviour saves of emissions is worked out',
  'carbon:read': 'Read what green behaviour saved of emissions, and how it is worked out',
  'members:write': 'Register members',
  'members:erase': 'Erase the free text about a member, for good',
  'members:read': 'Find and read members',
  'notices:write': 'Make notices that members agree to',
  'consents:write': 'Give and withdraw consent in the name of members',
  'consents:read': 'Read notices, consents and their register',
  'profiles:write': 'Set credit bands and segments of members',
  'profiles:read': 'Read credit bands and segments of members',
  'messages:receive': 'Fetch and read messages in the name of members: evidence that they came',
  'messages:read': 'Read messages, their evidence, and how programmes send',
  'messages:write': 'Decide when and how often programmes send messages',
  'tiers:write': 'Give members a higher tier',
  'tiers:use': "Use the free services of members' tiers, and give them back",
  'tiers:read': "Read members' tiers",
  'redemptions:write': 'Redeem points for rewards, and cancel that',
  'redemptions:read': 'Read redemptions',
  'after-sales:write': 'Open after-sales cases in the name of members, and say what members say',
  'after-sales:answer': 'Answer after-sales cases, and cancel what a supplier cannot hand out',
  'after-sales:decide': 'Decide after-sales cases that came to the operator',
  'after-sales:read': 'Read after-sales cases',
  'funds:write': 'Make funds that points are donated to, and change them',
  'funds:pay': 'Book what was paid over to the organisations of funds',
  'clearing:write':
    'Publish terms between merchants, close periods, adjust, decide disputes and book payments',
  'clearing:read': 'Read terms, periods, statements, payments and invoices',
  'disputes:write': 'Raise disputes over periods of clearing, and give evidence',
  'dossiers:write': 'Keep the dossiers of those who issue points',
  'dossiers:read': 'Read the dossiers of those who issue points',
  'funding:write': 'Open funding accounts, and book what is paid in and out of them',
  'funding:read': 'Read funding accounts',
  'books:write': 'Estimate breakage, override estimates and close books',
  'books:read': 'Read the liability, journals and reconciliation',
  'vouchers:use': 'Check and use vouchers at the till, and give uses back',
  'deliveries:handle': 'Read to whom rewards are delivered, and tell what became of it',
  'merchants:write': 'Admit merchants and change their terms',
  'merchants:read': 'Read merchants',
  'stores:write': 'Open and change stores',
  'programmes:write': 'Make programmes, change their settings and set sandbox clocks',
  'programmes:read': 'Read programmes',
  'budgets:write': 'Make budgets and change their totals',
  'budgets:read': 'Read budgets',
  'rules:write': 'Draft rules',
  'rules:publish': "Publish and retire rules, and a merchant's own tiers",
  'rules:read': 'Read rules and examine what they would give',
  'rewards:write': 'Draft rewards and promotions',
  'rewards:publish': 'Publish and retire rewards and promotions',
  'rewards:read': 'Read rewards and promotions, and what is open to a member',
  'ledger:read': 'Read the heads and blocks of the chain',
  'ledger:write': 'Acknowledge findings about the ledger',
  'metrics:read': 'Read the metrics of the server',
  'ledger:cut': 'Close periods of the ledger',
  'staff:write': 'Invite staff, give them roles, suspend them',
  'staff:read': 'Read who is on the staff',
  'security:write': 'Unlock accounts, take second factors off them and end their sessions',
  'audit:read': 'Read the audit log',
  'insights:read': 'Read sums of what was issued, redeemed and is outstanding',
  'keys:write': 'Make and revoke API keys',
  'keys:read': 'List API keys',
} as const;
export type Scope = keyof typeof SCOPES;

/** Who asks. */
export interface Principal {
  readonly keyId: Uuid;
  readonly scopes: ReadonlySet<Scope>;
  /** The only merchant this key reaches; null: an operator's key. */
  readonly merchant: Uuid | null;
  /** The only programme it reaches, that of its merchant if it has one; null: the platform's key, which reaches all. */
  readonly programme: { readonly id: number; readonly code: string } | null;
  /** Whose idempotency keys these are: the merchant's id, the programme's, or `operator`. All keys of one tenant share them. */
  readonly tenant: string;
  /** The person who signed in; null: a system, by its key. */
  readonly staff: SignedIn | null;
  /** The member who signed in, and who reaches nothing but their own; null: somebody else. */
  readonly member: MemberSignedIn | null;
}

/**
 * What members do themselves is written down as done by this row of `api_key`: whose it is says what it is done to. Nobody has
 * its secret.
 */
export const MEMBER_ACTOR = '01900000-0000-7000-8000-00006d656d62' as Uuid;

/** A member, and the session they opened on a phone of theirs. */
export interface MemberSignedIn {
  readonly id: Uuid;
  readonly session: Uuid;
  /** Who has become part of them: what was theirs is the member's. */
  readonly absorbed: readonly Uuid[];
}

/** A person on the staff, and the session they opened by signing in. */
export interface SignedIn {
  readonly id: Uuid;
  readonly session: Uuid;
  /** True until they set up the second factor that their role asks for: they have no scopes before. */
  readonly lacksSecondFactor: boolean;
}

/** Finds who presents a secret. Answers at once when it is known, or `too_many_attempts` with the seconds to wait. */
export type Authenticate = (secret: string, ip: string) => Found | Promise<Found>;
export type Found = Principal | { readonly unknown: true } | { readonly retryAfterSeconds: number };

/** How the guard takes a session for a key. */
export interface SessionCookie {
  /** Its token, from the request's cookies. */
  tokenOf(request: Pick<FastifyRequest, 'headers'>): string | undefined;
  /** Whether it is a write that a page of another site may have sent. */
  comesFromElsewhere(request: FastifyRequest): boolean;
  readonly authenticate: Authenticate;
  /** Whether its person proved a short while ago who they are. Absent: nobody is ever asked to. */
  readonly isProven?: (session: Uuid) => Promise<boolean>;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /**
     * The scopes a caller needs (none: whoever has a key or a session), or `public` for the few routes that need no key, or
     * `member` for what only a member does who is signed in.
     */
    scopes?: readonly Scope[] | 'public' | 'member';
    /**
     * Opens a route with scopes to members who are signed in, whom it gives no scope. `path`: its `:id` is a member's, which the
     * guard keeps to their own; `own`: the route itself keeps them to their own ({@link reaches}, {@link ownOf}); `all`: what
     * it shows is the same for every member.
     */
    member?: 'path' | 'own' | 'all';
    /**
     * Says that the route keeps the operator of a programme to what is in it ({@link isWithin}). Without it only
     * the platform's keys and those of merchants come in.
     */
    perProgramme?: boolean;
    /**
     * It gives lasting power, or what it says does: a person is asked who they are again when they last proved it a while ago
     * (`sign_in_again`). A session that was left open is not enough for it; systems with keys have nothing else to prove.
     */
    proven?: true | ((request: FastifyRequest) => boolean);
  }
}

/** The caller of a route with scopes. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null)
    throw new Error('a route that needs a principal must name its scopes');
  return request.principal;
}

/** True when the caller may name this merchant, as far as its programme lets it. */
export function actsFor(principal: Principal, merchant: Uuid | null): boolean {
  return principal.merchant === null || principal.merchant === merchant;
}

/** True when the caller reaches what is in the programme of this number. */
export function isWithin({ programme }: Principal, id: number): boolean {
  return programme === null || programme.id === id;
}

/** True when the caller reaches what a merchant has in a programme, or has to do with a member there. */
export function reaches(
  principal: Principal,
  what: {
    readonly merchant: Uuid | null;
    readonly programme: number;
    readonly member?: Uuid | null;
  },
): boolean {
  if (principal.member !== null) return isOwn(principal.member, what.member);
  return actsFor(principal, what.merchant) && isWithin(principal, what.programme);
}

/** Whose things a member may ask for: their own, and those of who has become part of them. */
export const isOwn = ({ id, absorbed }: MemberSignedIn, owner: Uuid | null | undefined): boolean =>
  owner === id || absorbed.some((part) => part === owner);

/**
 * The member that a request is about: the one who is signed in, where there is one. Throws the refusal when they name another:
 * nobody else is there for them.
 */
export function ownOf<T extends Uuid | null>({ member }: Principal, named: T): T | Uuid {
  if (member === null) return named;
  if (named !== null && !isOwn(member, named)) throw new RefusalError(problem('member_not_found'));
  return named ?? member.id;
}

/** Whose things are asked for, by a member who may be named; null: anybody's. Of who is signed in it is all that is theirs. */
export function membersAsked(principal: Principal, named: Uuid | null): readonly Uuid[] | null {
  ownOf(principal, named);
  if (principal.member !== null) return [principal.member.id, ...principal.member.absorbed];
  return named === null ? null : [named];
}

/** Throws the refusal when the caller reaches one programme only, and this is the code of another: it is not there for it. */
export function assertNamesOwn({ programme }: Principal, code: string): void {
  if (programme !== null && programme.code !== code)
    throw new RefusalError(problem('programme_not_found'));
}

/** Throws the refusal when the caller may not act for this merchant; whether it is {@link isWithin} reach, its programme tells. */
export function assertReaches(principal: Principal, merchant: Uuid): void {
  if (!actsFor(principal, merchant)) throw new RefusalError(problem('merchant_out_of_reach'));
}
