/** What the pad shows while an amount in yuan is typed: at most two places, `12.5`. */
export type Typed = string;

/** ¥999,999.99: more is no bill of a till. */
const LENGTH_MAX = 9;
const YUAN_MAX = 999_999;

export type PadKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | '.'
  | 'back';

export function press(typed: Typed, key: PadKey): Typed {
  if (key === 'back') return typed.slice(0, -1);
  if (key === '.') return typed.includes('.') ? typed : `${typed === '' ? '0' : typed}.`;
  const next =
    typed === '0' || (typed === '' && key === '00') ? key.replace(/^00$/, '0') : typed + key;
  const [yuan = '', places = ''] = next.split('.');
  if (places.length > 2 || next.length > LENGTH_MAX || Number(yuan) > YUAN_MAX) return typed;
  return next;
}

/** In fen; 0 of nothing. */
export function fenOf(typed: Typed): number {
  const [yuan = '', places = ''] = typed.split('.');
  return Number(yuan || '0') * 100 + Number(places.padEnd(2, '0'));
}

const KEYS: Readonly<Record<string, PadKey>> = { Backspace: 'back', ',': '.', '。': '.' };

/** The key of the pad that a key of the keyboard is. */
export function padKeyOf(key: string): PadKey | undefined {
  if (/^[0-9.]$/.test(key)) return key as PadKey;
  return KEYS[key];
}
