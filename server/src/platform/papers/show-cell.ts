import { localTime } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Cell, ColumnKind } from './paper.ts';

const YUAN_DECIMALS = { fen: 2, microFen: 8 } as const;
const DECIMALS_MIN = 2;

/**
 * A cell as plain text that programs read: `1234.50`, `2026-11-30 23:59:59`, empty for null. Amounts are in yuan. Throws a
 * TypeError for a cell that is not of its column's kind: that is a bug of who wrote the paper.
 */
export function plainCell(kind: ColumnKind, cell: Cell, timeZone: string): string {
  if (cell === null) return '';
  switch (kind) {
    case 'text':
    case 'id':
      if (typeof cell !== 'string') throw wrong(kind, cell);
      return cell;
    case 'points':
      if (typeof cell === 'string') throw wrong(kind, cell);
      return typeof cell === 'object'
        ? decimal(integer(kind, cell.points), cell.scale, cell.scale)
        : decimal(integer(kind, cell), 0, 0);
    case 'fen':
    case 'microFen':
      return decimal(integer(kind, cell), YUAN_DECIMALS[kind], DECIMALS_MIN);
    case 'instant':
      if (typeof cell !== 'number') throw wrong(kind, cell);
      return wallTime(cell, timeZone);
  }
}

/** A cell as people read it: thousands apart, a true minus sign. */
export function shownCell(kind: ColumnKind, cell: Cell, timeZone: string): string {
  const plain = plainCell(kind, cell, timeZone);
  switch (kind) {
    case 'points':
    case 'fen':
    case 'microFen':
      return grouped(plain);
    case 'text':
    case 'id':
    case 'instant':
      return plain;
  }
}

/** `2026-11-30 23:59:59` on a clock of the time zone. */
export function wallTime(at: Instant, timeZone: string): string {
  const { date, hour, minute } = localTime(at, timeZone);
  // Zones are whole minutes away from UTC in all times that papers are about.
  const second = Math.floor(at / 1000) % 60;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

function integer(kind: ColumnKind, cell: Cell): bigint {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell !== 'number' || !Number.isSafeInteger(cell)) throw wrong(kind, cell);
  return BigInt(cell);
}

/** An integer as a decimal fraction, without the zeros beyond `atLeast` decimals. */
function decimal(value: bigint, decimals: number, atLeast: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  let fraction = digits.slice(digits.length - decimals);
  while (fraction.length > atLeast && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function grouped(plain: string): string {
  const [whole = '', fraction] = plain.replace('-', '').split('.', 2);
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = plain.startsWith('-') ? '\u2212' : '';
  return `${sign}${apart}${fraction === undefined ? '' : `.${fraction}`}`;
}

function wrong(kind: ColumnKind, cell: Cell): TypeError {
  return new TypeError(`a cell of kind ${kind} cannot be a ${typeof cell}`);
}
