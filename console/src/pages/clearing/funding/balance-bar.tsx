import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { words } from './words.ts';

/** What an account's money is: still available, bound by points out there, or used. The words beneath say what the colours show. */
export function BalanceBar({
  account: { availableFen, outstandingFen, usedFen },
}: {
  readonly account: {
    readonly availableFen: number;
    readonly outstandingFen: number;
    readonly usedFen: number;
  };
}) {
  const t = useWords(words);
  const f = useFormat();
  const parts = [
    { key: 'available', name: t.available, fen: availableFen },
    { key: 'outstanding', name: t.outstanding, fen: outstandingFen },
    { key: 'used', name: t.used, fen: usedFen },
  ] as const;
  const whole = parts.reduce((sum, { fen }) => sum + Math.max(0, fen), 0);
  return (
    <div className="hm-balance">
      <div className="hm-balance-bar" aria-hidden="true">
        {parts.map(({ key, fen }) => (
          <span
            key={key}
            data-part={key}
            style={{ flexGrow: whole === 0 ? 0 : Math.max(0, fen) / whole }}
          />
        ))}
      </div>
      <ul>
        {parts.map(({ key, name, fen }) => (
          <li key={key} data-part={key}>
            {name} <span className="hm-number">{f.money(fen)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
