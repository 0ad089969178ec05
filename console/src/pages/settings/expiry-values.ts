import type { ExpiryPolicy } from './expiry-shown.ts';

/** An expiry policy as fields of a form. */
export interface ExpiryValues {
  readonly expiryKind: ExpiryPolicy['kind'];
  readonly count?: number;
  readonly unit?: 'days' | 'months' | 'years';
  readonly period?: 'month' | 'quarter' | 'year';
  readonly after?: number;
  readonly date?: string;
  readonly months?: number;
}

export function policyOf(values: ExpiryValues): ExpiryPolicy {
  const { expiryKind: kind, count = 1, unit = 'years', period = 'year' } = values;
  switch (kind) {
    case 'none':
      return { kind };
    case 'rolling':
      return { kind, [unit]: count };
    case 'end_of':
      return { kind, period, after: values.after ?? 0 };
    case 'fixed':
      return { kind, date: values.date ?? '' };
    case 'sliding':
      return { kind, months: values.months ?? 1 };
  }
}

/** The fields of a policy; undefined for one that the form cannot say: so long in several units at once. */
export function fieldsOf(policy: ExpiryPolicy): ExpiryValues | undefined {
  const { kind: expiryKind } = policy;
  switch (policy.kind) {
    case 'none':
      return { expiryKind };
    case 'rolling': {
      const units = (['years', 'months', 'days'] as const).filter(
        (unit) => policy[unit] !== undefined,
      );
      const [unit] = units;
      if (unit === undefined || units.length > 1) return undefined;
      return { expiryKind, unit, count: policy[unit] ?? 1 };
    }
    case 'end_of':
      return { expiryKind, period: policy.period, after: policy.after };
    case 'fixed':
      return { expiryKind, date: policy.date };
    case 'sliding':
      return { expiryKind, months: policy.months };
  }
}
