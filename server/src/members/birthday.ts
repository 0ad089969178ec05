import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { InstantText, idOf, object } from '../platform/web/schema.ts';
import { setBirthday } from './birthday-store.ts';
import { mergedAway, readSurvivors } from './merged.ts';

/** Sealing binds a birthday to its member, as it does a phone. */
export const birthdayContext = (member: Uuid): string => `member.birthday ${member}`;
/** Finds everybody who was born on a day, `MM-DD`. */
export const birthdayIndex = (sealer: Sealer, day: string): Buffer =>
  sealer.index('member.birthday', day);

export const NewBirthday = object(
  {
    birthday: Type.String({
      pattern:
        '^((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))$',
      description: 'Month and day only.',
      examples: ['05-20'],
    }),
  },
  { title: 'NewBirthday' },
);

export const BirthdayKept = object(
  { memberId: idOf('member'), given: Type.Boolean(), at: InstantText },
  {
    title: 'BirthdayKept',
    description: 'That a birthday is kept, or was taken back; never which day.',
  },
);

/** Keeps the birthday that a member agreed to give, instead of an earlier one; null takes it back. */
export async function keepBirthday(
  tx: Transaction,
  member: Uuid,
  day: string | null,
  { sealer, now }: { readonly sealer: Sealer; readonly now: Instant },
): Promise<Outcome<Type.Static<typeof BirthdayKept>>> {
  const gone = mergedAway(await readSurvivors(tx, member));
  if (gone !== undefined) return { refusal: gone };
  const kept =
    day === null
      ? null
      : { sealed: sealer.seal(birthdayContext(member), day), index: birthdayIndex(sealer, day) };
  if (!(await setBirthday(tx, member, kept, now))) return { refusal: problem('member_not_found') };
  const at = showInstant(now);
  return { status: 200, body: { memberId: showId('member', member), given: day !== null, at } };
}
