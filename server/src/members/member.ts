import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import { WasDryRun } from '../platform/web/rehearse.ts';
import {
  Code,
  InstantText,
  idOf,
  nullable,
  object,
  ProblemBody,
  text,
} from '../platform/web/schema.ts';
import { maskName, NameText, openName } from './name.ts';

/** A person on the platform, with a membership in one or more programmes. */
export interface Member {
  readonly id: Uuid;
  /** Sealed; see {@link phoneContext}. */
  readonly phoneSealed: Buffer | null;
  /** Sealed; see `nameContext`. */
  readonly nameSealed: Buffer | null;
  /** What other systems call this person: at most one id per system. */
  readonly externalIds: Readonly<Record<string, string>>;
  readonly programmes: readonly string[];
  readonly createdAt: Instant;
  /** Who this member is now that it has become part of another one. */
  readonly mergedInto: Uuid | null;
}

/** Sealing binds a phone to its member: moved to another row it does not open. */
export const phoneContext = (member: Uuid): string => `member.phone ${member}`;
export const phoneIndex = (sealer: Sealer, phone: string): Buffer =>
  sealer.index('member.phone', phone);
export const lastFourIndex = (sealer: Sealer, lastFour: string): Buffer =>
  sealer.index('member.phone.last4', lastFour);

const EXTERNAL_IDS_MAX = 20;

export const System = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
export const ExternalId = text(200);
const ExternalIds = Type.Record(System, ExternalId, {
  maxProperties: EXTERNAL_IDS_MAX,
  additionalProperties: false,
  description: 'The ids of this person in other systems, by system: `{"pos": "C-1042"}`.',
});
/** Judged by `normalisePhone`, so that the refusal can say more than a pattern. */
export const PhoneText = Type.String({
  minLength: 1,
  maxLength: 40,
  examples: ['13800138000', '+8613800138000'],
});

const fields = {
  phone: Type.Optional(PhoneText),
  name: Type.Optional(NameText),
  externalIds: Type.Optional(ExternalIds),
  programme: Type.Optional(Code),
  merchantId: Type.Optional(
    Type.String({
      ...idOf('merchant'),
      description:
        "Where they join, if it belongs to the programme; usual for a merchant's key: that merchant.",
    }),
  ),
};
export const NewMember = object(fields, { title: 'NewMember' });
export type NewMember = Type.Static<typeof NewMember>;

export const BULK_MAX = 1_000;

export const NewMembers = object(
  {
    members: Type.Array(
      object(
        {
          ...fields,
          idempotencyKey: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' })),
        },
        { title: 'NewMemberItem' },
      ),
      { minItems: 1, maxItems: BULK_MAX },
    ),
  },
  { title: 'NewMembers' },
);

export const MemberShown = object(
  {
    id: idOf('member'),
    name: nullable(
      Type.String({
        description:
          'As it was given, to the operator (with `members:write`) and to merchants that the member shares it with; masked (`王*明`) to others, and in the answers to writes, which are stored.',
      }),
    ),
    phoneLastFour: nullable(Type.String()),
    externalIds: Type.Record(Type.String(), Type.String()),
    programmes: Type.Array(Code),
    createdAt: InstantText,
    mergedInto: Type.Optional(
      Type.String({
        ...idOf('member'),
        description: 'Who this member is now that it has become part of another one.',
      }),
    ),
  },
  { title: 'Member' },
);
export type MemberShown = Type.Static<typeof MemberShown>;

export const BulkAnswer = object(
  {
    results: Type.Array(
      object(
        {
          status: Type.Enum(['created', 'exists', 'refused']),
          replayed: Type.Boolean({
            description: 'The answer to an earlier request with the same key.',
          }),
          member: Type.Optional(MemberShown),
          memberId: Type.Optional(idOf('member')),
          problem: Type.Optional(ProblemBody),
        },
        { title: 'NewMemberResult' },
      ),
    ),
    dryRun: WasDryRun,
  },
  { title: 'NewMemberResults' },
);

/** How much of a member the caller sees. */
export interface Sight {
  /** The only programme it reaches; undefined: all. */
  readonly own?: string | undefined;
  /** The name as it was given, not masked. */
  readonly fullName: boolean;
}

/** A member as answers show it. */
export function showMember(member: Member, sealer: Sealer, { own, fullName }: Sight): MemberShown {
  const phone =
    member.phoneSealed === null ? null : sealer.open(phoneContext(member.id), member.phoneSealed);
  if (phone === undefined) throw new Error('a phone number does not open under the master key');
  const name = openName(sealer, member.id, member.nameSealed);
  return {
    id: showId('member', member.id),
    name: name === null || fullName ? name : maskName(name),
    phoneLastFour: phone === null ? null : phone.slice(-4),
    externalIds: member.externalIds,
    programmes: member.programmes.filter((code) => own === undefined || code === own),
    createdAt: showInstant(member.createdAt),
    ...(member.mergedInto === null ? {} : { mergedInto: showId('member', member.mergedInto) }),
  };
}
