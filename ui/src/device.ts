// In the order of what contains what: Edge calls itself Chrome, Chrome calls itself Safari.
const BROWSERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['WeChat', /MicroMessenger\//],
  ['Edge', /Edg(A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS)\//],
  ['Safari', /Safari\//],
];
const SYSTEMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
];

/** What a browser calls itself, in two words; undefined: nothing that is known. */
export function deviceOf(userAgent: string | null): string | undefined {
  if (userAgent === null) return undefined;
  const nameIn = (names: typeof BROWSERS): string | undefined =>
    names.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const found = [nameIn(BROWSERS), nameIn(SYSTEMS)].filter((each) => each !== undefined);
  return found.length === 0 ? undefined : found.join(' · ');
}
