import type { components } from '@hongmi/sdk';

type Policy = components['schemas']['MessagePolicy'];

interface Cap {
  readonly max?: number | null;
  readonly days?: number | null;
}

/** A message policy as fields of a form. */
export interface PolicyValues {
  /** Days ahead, as they are typed: `30, 7, 1`. */
  readonly days: string;
  readonly quietFrom?: string;
  readonly quietTo?: string;
  readonly receipt?: Cap;
  readonly offer?: Cap;
}

const DAYS_MAX = 365;

/** The numbers of days in a text, the most first; undefined when it has anything else. */
export function readDays(text: string): number[] | undefined {
  const parts = text.split(/[,，、\s]+/).filter((each) => each !== '');
  const days = [...new Set(parts.map(Number))];
  const isRight =
    days.length > 0 &&
    days.every((each) => Number.isInteger(each) && each >= 1 && each <= DAYS_MAX);
  return isRight ? days.sort((a, b) => b - a) : undefined;
}

export function policyOf({ days, quietFrom, quietTo, receipt, offer }: PolicyValues): Policy {
  const capOf = (kind: 'receipt' | 'offer', cap: Cap | undefined): Policy['caps'] =>
    cap?.max && cap.days ? [{ kind, max: cap.max, days: cap.days }] : [];
  return {
    expiryNoticeDays: readDays(days) ?? [],
    ...(quietFrom && quietTo && { quietHours: { from: quietFrom, to: quietTo } }),
    caps: [...capOf('receipt', receipt), ...capOf('offer', offer)],
  };
}

export function valuesOf({ expiryNoticeDays, quietHours, caps }: Policy): PolicyValues {
  const capOf = (kind: 'receipt' | 'offer'): Cap => {
    const cap = caps.find((each) => each.kind === kind);
    return cap === undefined ? {} : { max: cap.max, days: cap.days };
  };
  return {
    days: expiryNoticeDays.join(', '),
    ...(quietHours && { quietFrom: quietHours.from, quietTo: quietHours.to }),
    receipt: capOf('receipt'),
    offer: capOf('offer'),
  };
}
