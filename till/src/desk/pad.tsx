import { useWords } from '@hongmi/ui/language.ts';
import type { PadKey } from './amount.ts';
import { words } from './words.ts';

const KEYS: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '.', '0', '00'];

/** The amount in yuan, typed with thumbs; with a keyboard, too. */
export function Pad({
  typed,
  press,
}: {
  readonly typed: string;
  readonly press: (key: PadKey) => void;
}) {
  const t = useWords(words);
  return (
    <section className="till-pad" aria-label={t.pad}>
      <div className="till-amount">
        <output aria-label={t.amount} data-empty={typed === ''}>
          ¥{typed === '' ? '0.00' : typed}
        </output>
        <button
          type="button"
          className="till-icon"
          aria-label={t.back}
          onClick={() => press('back')}
        >
          ⌫
        </button>
      </div>
      <div className="till-keys">
        {KEYS.map((key) => (
          <button type="button" key={key} onClick={() => press(key)}>
            {key}
          </button>
        ))}
      </div>
    </section>
  );
}
