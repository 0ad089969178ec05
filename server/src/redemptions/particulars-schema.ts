import Type from 'typebox';
import { DateText } from '../catalogue/terms-schema.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Sealer } from '../platform/seal.ts';
import {
  Fen,
  InstantText,
  mustReadInstant,
  nullable,
  ORDINARY,
  object,
  text,
} from '../platform/web/schema.ts';
import { type AskedParticulars, openRecipient } from './particulars.ts';
import type { Redemption } from './redemption.ts';

const Slot = Type.String({
  pattern: '^\\d\\d:\\d\\d-\\d\\d:\\d\\d$',
  examples: ['09:00-10:00'],
  description: 'Of a day that has slots: one of them.',
});
const Region = Type.String({
  pattern: '^\\d{6}$',
  examples: ['330106'],
  description: 'Six digits of GB/T 2260.',
});

export const RecipientTold = {
  name: text(100),
  phone: Type.String({ pattern: '^\\+?[0-9][0-9 -]{3,24}$', examples: ['+8613800000000'] }),
  region: Region,
  address: Type.String({ minLength: 1, maxLength: 300, pattern: ORDINARY }),
};
const booking = {
  kind: Type.Literal('booking'),
  day: {
    ...DateText,
    description: 'By the time zone of the programme; of nights that of arrival.',
  },
};

/** When something is to be booked. */
export const BookingTold = {
  day: booking.day,
  slot: Type.Optional(Slot),
  until: Type.Optional({ ...DateText, description: 'Of nights: the day of departure.' }),
};

export const BillNo = Type.String({
  pattern: '^[\\x21-\\x7e]{1,64}$',
  description: 'The merchant’s own number.',
});
const bill = {
  kind: Type.Literal('bill'),
  billNo: BillNo,
  billFen: { ...Fen, description: 'What it comes to before anything is taken off.' },
};

export const ParticularsTold = Type.Union(
  [
    object({ kind: booking.kind, ...BookingTold }),
    object({ kind: Type.Literal('delivery'), ...RecipientTold }),
    object({
      ...bill,
      at: Type.Optional({
        ...InstantText,
        description:
          'When it was agreed at a till that was cut off: at most 72 hours ago. It costs what it cost then, and within the day’s limit of offline points it is final.',
      }),
    }),
  ],
  {
    title: 'RedemptionParticulars',
    description:
      'What the reward asks for beyond itself: when it is booked, where it is sent, which bill it is taken off.',
  },
);

export const RecipientShown = object(
  { name: Type.String(), phone: Type.String(), address: Type.String() },
  { title: 'Recipient' },
);

export const ParticularsShown = Type.Union(
  [
    object({
      ...booking,
      slot: nullable(Slot),
      until: nullable(DateText),
      startsAt: InstantText,
      endsAt: { ...InstantText, description: 'Not included.' },
    }),
    object({
      kind: Type.Literal('delivery'),
      region: Region,
      recipient: nullable(RecipientShown),
    }),
    object({
      ...bill,
      offFen: { ...Fen, description: 'What is taken off.' },
      toPayFen: { ...Fen, description: 'What is left to pay.' },
    }),
  ],
  {
    title: 'RedemptionParticularsShown',
    description: 'Null is a recipient in lists, and one that was erased.',
  },
);

/** What a request says, whose form the schema has checked. */
export function readParticulars(
  told: Type.Static<typeof ParticularsTold> | undefined,
  mayOverdraw = false,
): AskedParticulars | null {
  if (told?.kind !== 'bill') return told ?? null;
  const { at, ...bill } = told;
  return { ...bill, ...(at === undefined ? {} : { at: mustReadInstant(at), mayOverdraw }) };
}

/** Null: erased, or nobody is to learn it. */
export function showRecipient(
  { id, particulars }: Pick<Redemption, 'id' | 'particulars'>,
  sealer: Sealer | null,
): Type.Static<typeof RecipientShown> | null {
  if (sealer === null || particulars?.kind !== 'delivery' || particulars.recipient === null)
    return null;
  const { name, phone, address } = openRecipient(sealer, id, particulars.recipient);
  return { name, phone, address };
}

/** Without a sealer nobody learns who receives something. */
export function showParticulars(
  redemption: Redemption,
  sealer: Sealer | null,
): Type.Static<typeof ParticularsShown> | null {
  const { particulars } = redemption;
  if (particulars === null) return null;
  if (particulars.kind === 'booking')
    return {
      ...particulars,
      startsAt: showInstant(particulars.startsAt),
      endsAt: showInstant(particulars.endsAt),
    };
  if (particulars.kind === 'bill') {
    const { kind, billNo, billFen, offFen } = particulars;
    return { kind, billNo, billFen, offFen, toPayFen: billFen - offFen };
  }
  const { kind, region } = particulars;
  return { kind, region, recipient: showRecipient(redemption, sealer) };
}
