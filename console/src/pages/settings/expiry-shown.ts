import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { words } from './words.ts';

export type ExpiryPolicy = components['schemas']['ExpiryPolicy'];

/** Says when points end, in words. */
export function useExpiryShown(): (policy: ExpiryPolicy) => string {
  const t = useWords(words);
  const f = useFormat();
  return (policy) => {
    switch (policy.kind) {
      case 'none':
        return t.expiries.none;
      case 'rolling':
        return f.list(
          (['years', 'months', 'days'] as const).flatMap((unit) => {
            const count = policy[unit];
            return count === undefined ? [] : t.expiryRolling(f.number(count), t.units[unit]);
          }),
        );
      case 'end_of':
        return policy.after === 0
          ? t.expiryThisEnd(t.periods[policy.period])
          : t.expiryEndOf(f.number(policy.after), t.periods[policy.period]);
      case 'fixed':
        return t.expiryFixed(f.date(policy.date));
      case 'sliding':
        return t.expirySliding(f.number(policy.months));
    }
  };
}
