import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { randomSlice, showId } from '../kernel/id.ts';
import type { Scope } from '../platform/web/auth.ts';
import { SCOPES } from '../platform/web/auth.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';

/** A key as it is stored: never with its secret, of which only the SHA-256 is kept. */
export interface ApiKey {
  readonly id: Uuid;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only merchant it reaches; null: an operator's. */
  readonly merchant: Uuid | null;
  /** The only programme it reaches, that of its merchant if it has one; null: the platform's. */
  readonly programme: { readonly id: number; readonly code: string } | null;
  readonly root: boolean;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
  /** From then on it opens nothing; null: it has no end of its own. */
  readonly expiresAt: Instant | null;
  readonly rotatedAt: Instant | null;
  /** Until when the secret before the last rotation works too; null: it does not. */
  readonly previousUntil: Instant | null;
  /** Within the hour. */
  readonly lastUsedAt: Instant | null;
}

/** What of a key is written when it is made. */
export type KeyToMake = Omit<
  ApiKey,
  'revokedAt' | 'expiresAt' | 'rotatedAt' | 'previousUntil' | 'lastUsedAt'
> & {
  readonly expiresAt?: Instant | null;
  /** It is what somebody on the staff does things by, and nobody has its secret. */
  readonly person?: boolean;
};

export const ALL_SCOPES = Object.keys(SCOPES) as Scope[];

/**
 * What a merchant's key can be given. The rest concerns other merchants or the platform: admitting
 * merchants, programmes, keys, corrections by hand, the chain as a whole.
 */
export const MERCHANT_SCOPES: ReadonlySet<Scope> = new Set<Scope>([
  'points:write',
  'points:read',
  'points:overdraft',
  'points:backdate',
  'orders:write',
  'orders:read',
  'activities:write',
  'activities:read',
  'certificates:read',
  'carbon:read',
  'members:write',
  'members:read',
  'consents:write',
  'consents:read',
  'merchants:read',
  'stores:write',
  'programmes:read',
  'budgets:read',
  'tiers:write',
  'tiers:use',
  'tiers:read',
  'rules:write',
  'rules:publish',
  'rules:read',
  'rewards:write',
  'rewards:publish',
  'rewards:read',
  'redemptions:write',
  'redemptions:read',
  'vouchers:use',
  'funds:pay',
  'clearing:read',
  'disputes:write',
  'dossiers:read',
  'funding:read',
  'deliveries:handle',
  'after-sales:write',
  'after-sales:answer',
  'after-sales:read',
  'staff:write',
  'staff:read',
  'audit:read',
  'insights:read',
]);

/** What the key of a programme's operator cannot be given: what concerns all programmes, or a person beyond one. */
export const PLATFORM_SCOPES: ReadonlySet<Scope> = new Set<Scope>([
  'members:erase',
  'ledger:read',
  'ledger:write',
  'metrics:read',
  'security:write',
  'keys:write',
  'keys:read',
]);

const SECRET_BYTES = 32;

/** A new secret, `hm_` and 256 random bits. */
export function newSecret(): string {
  return `hm_${Buffer.from(randomSlice(SECRET_BYTES)).toString('base64url')}`;
}

export function tenantOf({ merchant, programme }: Pick<ApiKey, 'merchant' | 'programme'>): string {
  if (merchant !== null) return merchant;
  return programme === null ? 'operator' : `programme-${programme.id}`;
}

/** The name of a scope, in requests and answers. */
export const ScopeName = Type.Enum(ALL_SCOPES, {
  title: 'Scope',
  description: ALL_SCOPES.map((scope) => `- \`${scope}\`: ${SCOPES[scope]}`).join('\n'),
});

export const NewApiKey = object(
  {
    name: text(100),
    scopes: Type.Array(ScopeName, { minItems: 1, maxItems: ALL_SCOPES.length, uniqueItems: true }),
    merchantId: Type.Optional(idOf('merchant')),
    programme: Type.Optional(
      Type.String({
        ...Code,
        description: 'For the operator of this programme; not with merchantId.',
      }),
    ),
    expiresAt: Type.Optional(
      Type.String({ ...InstantText, description: 'From then on it opens nothing.' }),
    ),
  },
  { title: 'NewApiKey' },
);

const shown = {
  id: idOf('apiKey'),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  merchantId: nullable(idOf('merchant')),
  programme: nullable(
    Type.String({ ...Code, description: 'The only one it reaches: its own, or its merchant’s.' }),
  ),
  root: Type.Boolean({
    description: 'The first operator key: from HONGMI_ROOT_KEY or the data directory.',
  }),
  createdAt: InstantText,
  revokedAt: nullable(InstantText),
  expiresAt: nullable(InstantText),
  rotatedAt: nullable(InstantText),
  previousUntil: nullable(
    Type.String({
      ...InstantText,
      description: 'Until when the secret before the last rotation works too.',
    }),
  ),
  lastUsedAt: nullable(
    Type.String({
      ...InstantText,
      description: 'When it was first used in the last hour it was used in.',
    }),
  ),
};
export const ApiKeyShown = object(shown, { title: 'ApiKey' });
export const ApiKeyMade = object(
  {
    ...shown,
    secret: nullable(
      Type.String({ description: 'Shown in the first answer only; null in a repeated one.' }),
    ),
  },
  { title: 'ApiKeyMade' },
);

export const OVERLAP_HOURS_MAX = 168;

export const Rotation = object(
  {
    overlapHours: Type.Integer({
      minimum: 0,
      maximum: OVERLAP_HOURS_MAX,
      description:
        'For how long the secret it has now works beside the new one; 0: it ends at once.',
    }),
  },
  { title: 'ApiKeyRotation' },
);

export function showApiKey(key: ApiKey): Type.Static<typeof ApiKeyShown> {
  return {
    id: showId('apiKey', key.id),
    name: key.name,
    scopes: [...key.scopes],
    merchantId: key.merchant === null ? null : showId('merchant', key.merchant),
    programme: key.programme?.code ?? null,
    root: key.root,
    createdAt: showInstant(key.createdAt),
    revokedAt: showWhen(key.revokedAt),
    expiresAt: showWhen(key.expiresAt),
    rotatedAt: showWhen(key.rotatedAt),
    previousUntil: showWhen(key.previousUntil),
    lastUsedAt: showWhen(key.lastUsedAt),
  };
}

const showWhen = (at: Instant | null): string | null => (at === null ? null : showInstant(at));
