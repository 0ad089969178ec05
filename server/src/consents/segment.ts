import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';

/** A named set that members of a programme can be in. */
export interface Segment {
  readonly code: string;
  /** What members are told they are in. */
  readonly zh: string;
  readonly en: string;
  /** Why members can be in it who did not agree to personal offers; null: they cannot. */
  readonly serviceReason: string | null;
  readonly createdAt: Instant;
}

/** A segment that a member is in. */
export interface MemberSegment extends Omit<Segment, 'createdAt'> {
  readonly programme: number;
  readonly since: Instant;
  /** An API key. */
  readonly setBy: Uuid;
}

const ServiceReason = {
  description:
    'Why a member can be in it without consent to `personalised_offers`: what they asked for cannot be done otherwise.',
};

export const NewSegment = object(
  {
    programme: Type.Optional(Code),
    code: Code,
    zh: text(200),
    en: text(200),
    serviceReason: Type.Optional(Type.Unsafe<string>({ ...text(500), ...ServiceReason })),
  },
  { title: 'NewSegment' },
);

export const SegmentShown = object(
  {
    programme: Code,
    code: Code,
    zh: Type.String(),
    en: Type.String(),
    serviceReason: Type.Unsafe<string | null>({ ...nullable(Type.String()), ...ServiceReason }),
    createdAt: InstantText,
  },
  { title: 'Segment' },
);

export const MemberSegmentShown = object(
  {
    programme: Code,
    code: Code,
    zh: Type.String(),
    en: Type.String(),
    serviceReason: nullable(Type.String()),
    since: InstantText,
    setBy: idOf('apiKey'),
  },
  { title: 'MemberSegment' },
);

export function showSegment(programme: string, segment: Segment): Type.Static<typeof SegmentShown> {
  const { code, zh, en, serviceReason, createdAt } = segment;
  return { programme, code, zh, en, serviceReason, createdAt: showInstant(createdAt) };
}

export function showMemberSegment(
  programme: string,
  { code, zh, en, serviceReason, since, setBy }: MemberSegment,
): Type.Static<typeof MemberSegmentShown> {
  return {
    programme,
    code,
    zh,
    en,
    serviceReason,
    since: showInstant(since),
    setBy: showId('apiKey', setBy),
  };
}
