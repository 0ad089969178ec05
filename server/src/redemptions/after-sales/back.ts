import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Command } from '../../ledger/command.ts';
import { lastingOf, type Programme, pointTypeOf } from '../../programs/programme.ts';
import type { Redemption } from '../redemption.ts';
import type { Back, Case, Payment, Present } from './case.ts';
import { leftOf, partOf, shareOf, type Unit } from './units.ts';

const DAY_MS = 24 * 3600_000;

/**
 * What goes to the member for these units: of each part of the price what belongs to them and was not used, never less a fee,
 * and if the supplier cancels, what was agreed on top.
 */
export function backOf(
  { kind }: Pick<Case, 'kind'>,
  redemption: Redemption,
  /** Those that it is about, of so many. */
  { units, pieces }: { readonly units: readonly Unit[]; readonly pieces: number },
  by: { readonly programme: Programme; readonly at: Instant; readonly newId: () => Uuid },
): Back {
  const { parts } = redemption;
  const payment = (pointType: number, points: number): Payment => ({
    ...{ pointType, points, transaction: by.newId(), attempt: 0 },
  });
  const refunds = parts.map((part) => {
    const points = units.map((unit) =>
      partOf(shareOf(part.points, pieces, unit.place), leftOf(kind, unit)),
    );
    return payment(
      part.pointType,
      points.reduce((sum, each) => sum + each, 0),
    );
  });
  const presents = kind === 'supplier' ? presentsOf(redemption, refunds, units, by.programme) : [];
  const cash = units.map((unit) =>
    partOf(shareOf(redemption.cashFen, pieces, unit.place), leftOf(kind, unit)),
  );
  return {
    cashFen: cash.reduce((sum, each) => sum + each, 0),
    refunds: refunds.filter(({ points }) => points > 0),
    compensation: presents
      .filter(({ points }) => points > 0)
      .map(({ pointType, points }): Present => {
        const lasting = lastingOf(by.programme, pointType, by.at);
        return { ...payment(pointType, points), ...lasting };
      }),
    graceDays: by.programme.refundGraceDays,
  };
}

/** Per cent of what goes back, up to a whole point; or so many for each unit that is cancelled. */
function presentsOf(
  { terms: { compensation } }: Redemption,
  refunds: readonly Payment[],
  units: readonly Unit[],
  programme: Programme,
): Pick<Payment, 'pointType' | 'points'>[] {
  if (compensation === undefined) return [];
  if ('percentOfPoints' in compensation)
    return refunds.map(({ pointType, points }) => ({
      pointType,
      points: partOf(points, { num: compensation.percentOfPoints, den: 100 }),
    }));
  const pointType = pointTypeOf(programme, compensation.pointType);
  if (pointType === undefined) throw new Error('the point type of a compensation is known');
  return [{ pointType: pointType.id, points: compensation.points * units.length }];
}

/** What sends it, always the same: first what goes back, then what comes on top. */
export function commandsOf(
  { id, member, merchant, programme }: Case,
  redemption: Redemption,
  { refunds, compensation, graceDays }: Back,
): Command[] {
  const common = (payment: Payment, what: string) => ({
    ...{ programme, member, pointType: payment.pointType, id: payment.transaction },
    ...{ points: payment.points, effectiveAt: null },
    key: `after-sales:${id}:${what}:${payment.pointType}:${payment.attempt}`,
    source: { kind: 'redemption', id: redemption.id } as const,
  });
  return [
    ...refunds.map((payment): Command => {
      const part = redemption.parts.find(({ pointType }) => pointType === payment.pointType);
      if (part === undefined) throw new Error('what goes back was paid');
      const graceMs = graceDays * DAY_MS;
      return { ...common(payment, 'refund'), kind: 'refund', burn: part.taken, graceMs };
    }),
    ...compensation.map(
      (payment): Command => ({
        ...common(payment, 'compensation'),
        ...{ kind: 'issue', merchant, expiresAt: payment.expiresAt },
        ...(payment.slideMonths === null ? {} : { slideMonths: payment.slideMonths }),
        // It is no doing of the member's.
        unasked: true,
        detail: { compensation: true, afterSales: id },
      }),
    ),
  ];
}

/** What is sent next, after some of it was refused; `whys` in the order of the commands, null: applied. */
export function afterRefusals(
  back: Back,
  whys: readonly (Refusal | null)[],
  newId: () => Uuid,
): Back {
  const again = <P extends Payment>(payment: P, why: Refusal | null | undefined): P => {
    if (why === null || why === undefined) return payment;
    return {
      ...payment,
      ...cutBy(payment, why),
      transaction: newId(),
      attempt: payment.attempt + 1,
    };
  };
  const { refunds, compensation } = back;
  return {
    ...back,
    refunds: refunds
      .map((each, place) => again(each, whys[place]))
      .filter(({ points }) => points > 0),
    compensation: compensation.map((each, place) => again(each, whys[refunds.length + place])),
  };
}

/** Somebody refunded a part of it by hand: what is left goes back. */
function cutBy({ points }: Payment, why: Refusal): { readonly points: number } {
  const left = why.code === 'refund_exceeds_burn' ? why.facts?.refundable : undefined;
  return { points: typeof left === 'number' ? Math.min(points, left) : points };
}
