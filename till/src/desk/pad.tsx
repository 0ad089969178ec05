import { useWords } from '@hongmi/ui/language.ts';
import type { PadKey } from './amount.ts';
import { words } from './words.ts';

const KEYS: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '.', '0', '00'];

/** The sign of a key that deletes to the left. */
function Erase() {
  return (
    <svg width="28" height="22" viewBox="0 0 28 22" aria-hidden="true" focusable="false">
      <path
        d="M9 2h15a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H9l-7-9ZM13 8l6 6M19 8l-6 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

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
          <Erase />
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
