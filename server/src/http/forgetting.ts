import { forgetMember } from '../consents/forget-member.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { setBirthday } from '../members/birthday-store.ts';
import { deleteInvitationsOf } from '../members/invitations/store.ts';
import { forgetNames } from '../members/keep-name.ts';
import { readPersons } from '../members/merged.ts';
import { deleteSessionsOf } from '../members/sessions/store.ts';
import type { Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { eraseRecipientsOf } from '../redemptions/deliveries/erase-recipients.ts';

/** What is deleted of a member with a consent that is withdrawn, and when the texts about them are erased. */
export function createForgetting({
  clock,
  sealer,
}: {
  readonly clock: Clock;
  readonly sealer: Sealer;
}) {
  const birthday = (tx: Transaction, member: Uuid) => setBirthday(tx, member, null, clock.now());
  return {
    byPurpose: { birthday },
    async everything(tx: Transaction, member: Uuid): Promise<void> {
      await forgetMember(tx, member);
      await birthday(tx, member);
      const persons = await readPersons(tx, [member]);
      const parts = persons.get(member) ?? [member];
      await forgetNames(tx, parts, sealer);
      await eraseRecipientsOf(tx, parts);
      await deleteSessionsOf(tx, parts);
      await deleteInvitationsOf(tx, parts);
    },
  };
}
