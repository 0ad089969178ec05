/** One field made wrong, and how. */
export interface BadBody {
  readonly what: string;
  readonly json: string;
}

const MEBI = 1024 * 1024;
const UNKNOWN_ID = '01h455vb4pex5vsknk084sn02q';

const WRONG_FOR_ANY: readonly unknown[] = [null, true, [], {}];
const WRONG_NUMBERS: readonly unknown[] = [
  '5',
  1.5,
  2 ** 53,
  -(2 ** 53),
  1e300,
  RAW('1e400'),
  RAW('1e-5'),
];
const WRONG_TEXTS: readonly unknown[] = [
  5,
  '',
  ' ',
  'a\u0000b',
  'a\nb',
  RAW('"\\ud800"'),
  'x'.repeat(300_000),
];
const WRONG_INSTANTS: readonly string[] = [
  'yesterday',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '1969-12-31T23:59:59Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-01-01 00:00:00Z',
  '１９９９-01-01T00:00:00Z',
];
/** Numbers of which these fields may be nothing, or below it. */
const ZERO_ALLOWED = new Set([
  'baselineMg',
  'actualMg',
  'amountFen',
  'askAgainDays',
  'scale',
  'refundGraceDays',
  'adjustLimit',
  'giftMax',
  'giftDayMax',
  'offlineDayMax',
  'dayMax',
  'ruleNoticeDays',
  'earlierOrders',
  'priority',
  'cashFen',
  'returnDays',
  'qualityDays',
  'serviceBasisPoints',
  'reducedBasisPoints',
  'standardBasisPoints',
  'alertFen',
  'issuePriceMicroFen',
  'reimbursementMicroFen',
  'feeBasisPoints',
  'paymentTermDays',
  'creditLimitFen',
  'breakagePpm',
  'valueMicroFen',
  'overlapHours',
]);
/** Lists that may be empty. */
const EMPTY_ALLOWED = new Set(['conversions', 'caps', 'points', 'kinds']);
/** Objects that are maps: any field may be there. */
const MAPS = new Set(['externalIds', 'attributes']);

interface Raw {
  readonly raw: string;
}
/** JSON text that JSON.stringify would never write. */
function RAW(raw: string): Raw {
  return { raw };
}

/**
 * Every way to make one field of a good body wrong: each value of a wrong type, form or size, each
 * required field left out, a field that is not known at each level.
 */
export function badBodiesOf(
  good: object,
  optional: readonly string[],
  nullable: readonly string[] = [],
): BadBody[] {
  const out: BadBody[] = [];
  const spoil = (path: readonly (string | number)[], value: unknown): void => {
    const shown = JSON.stringify(isRaw(value) ? value.raw : value) ?? 'left out';
    out.push({
      what: `/${path.join('/')} = ${shown.slice(0, 40)}`,
      json: write(replace(good, path, value)),
    });
  };
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    for (const wrong of wrongFor(value, path))
      if (wrong !== null || !nullable.includes(String(path.at(-1)))) spoil(path, wrong);
    if (Array.isArray(value)) {
      if (!EMPTY_ALLOWED.has(String(path.at(-1)))) spoil(path, []);
      if (path.length > 0)
        spoil(
          path,
          Array.from({ length: 20_000 }, () => value[0]),
        );
      for (const [index, inner] of value.entries()) walk(inner, [...path, index]);
    } else if (value !== null && typeof value === 'object') {
      const isMap = MAPS.has(String(path.at(-1)));
      if (isMap) for (const name of ['', 'a b', 'x'.repeat(300)]) spoil([...path, name], 'C-9');
      else for (const name of ['unknown', 'constructor', '']) spoil([...path, name], 1);
      for (const [name, inner] of Object.entries(value)) {
        if (!isMap && !optional.includes(name)) spoil([...path, name], undefined);
        walk(inner, [...path, name]);
      }
    }
  };
  walk(good, []);
  return out;
}

function wrongFor(value: unknown, path: readonly (string | number)[]): readonly unknown[] {
  const name = String(path.at(-1));
  if (typeof value === 'number') {
    const low = ZERO_ALLOWED.has(name) ? [-1] : value < 0 ? [0] : [0, -1];
    const high = name === 'quantity' || name === 'lineNo' ? [2 ** 31] : [];
    return [...WRONG_FOR_ANY, ...WRONG_NUMBERS, ...low, ...high];
  }
  if (typeof value === 'boolean') return [null, 'true', 1, [], {}];
  if (typeof value !== 'string')
    return [null, true, 'x', 5, ...(Array.isArray(value) ? [{}] : [[]])];
  const prefix = /^([a-z]{3,4})_[0-9a-z]{26}$/.exec(value)?.[1];
  if (prefix !== undefined) {
    const other = prefix === 'lot' ? 'mem' : 'lot';
    const ids = [
      value.toUpperCase(),
      `${value}\n`,
      value.slice(0, -1),
      `${value}0`,
      value.slice(prefix.length + 1),
    ];
    return [
      ...WRONG_FOR_ANY,
      ...WRONG_TEXTS,
      ...ids,
      `${other}${value.slice(prefix.length)}`,
      `${prefix}_8zzzzzzzzzzzzzzzzzzzzzzzzz`,
      `${prefix}_${UNKNOWN_ID}`,
    ];
  }
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return [...WRONG_FOR_ANY, ...WRONG_TEXTS, ...WRONG_INSTANTS];
  return [...WRONG_FOR_ANY, ...WRONG_TEXTS];
}

function replace(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, index) => (index === first ? replace(inner, rest, by) : inner));
  return {
    ...(value as object),
    [first]: replace((value as Record<string, unknown>)[first], rest, by),
  };
}

function isRaw(value: unknown): value is Raw {
  return value !== null && typeof value === 'object' && 'raw' in value;
}

/** JSON in which {@link RAW} stands as it is. */
function write(value: unknown): string {
  if (isRaw(value)) return value.raw;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${write(inner)}`).join(',')}}`;
}

/** Bytes that are no body at all, whatever the route, with the headers that go with them. */
export function badBytesOf(good: object): {
  readonly what: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}[] {
  const json = JSON.stringify(good);
  const text = (what: string, body: string, headers?: Record<string, string>) => ({
    what,
    body: Buffer.from(body),
    ...(headers === undefined ? {} : { headers }),
  });
  const padded = (bytes: number): string => `{"padding":"${'x'.repeat(bytes)}",${json.slice(1)}`;
  return [
    ...[
      '',
      '{',
      '[1',
      'null',
      '"text"',
      '12',
      'NaN',
      'undefined',
      '[]',
      "{'a':1}",
      `${json}x`,
      `${json}${json}`,
      json.slice(0, -1),
    ].map((bad) => text(`malformed ${bad.slice(0, 20)}`, bad)),
    text('a trailing comma', `${json.slice(0, -1)},}`),
    text('a poisoned prototype', `{"__proto__":{"points":1},${json.slice(1)}`),
    text('a poisoned constructor', `{"constructor":{"prototype":{"points":1}},${json.slice(1)}`),
    text('100,000 levels of nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    text(
      '100,000 levels inside a field',
      `{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},${json.slice(1)}`,
    ),
    {
      what: 'not UTF-8',
      body: Buffer.concat([
        Buffer.from('{"reason":"'),
        Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
        Buffer.from(`",${json.slice(1)}`),
      ]),
    },
    {
      what: 'GBK bytes',
      body: Buffer.concat([
        Buffer.from('{"reason":"'),
        Buffer.from([0xc3, 0xe6, 0xb0, 0xfc]),
        Buffer.from(`",${json.slice(1)}`),
      ]),
    },
    { what: 'UTF-16', body: Buffer.from(json, 'utf16le') },
    { what: 'a body of 10 MB', body: Buffer.from(padded(10 * MEBI)) },
    text('no content type', json, { 'content-type': '' }),
    text('plain text', json, { 'content-type': 'text/plain' }),
    text('a form', 'points=5', { 'content-type': 'application/x-www-form-urlencoded' }),
    text('multipart', json, { 'content-type': 'multipart/form-data; boundary=x' }),
    text('another charset', json, { 'content-type': 'application/json; charset=gbk' }),
    text('said to be compressed', json, { 'content-encoding': 'gzip' }),
  ];
}
