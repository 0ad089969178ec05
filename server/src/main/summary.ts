import { rootKeyFile } from '../keys/root-key.ts';
import { readHeads } from '../ledger/read.ts';
import type { Sql } from '../platform/database.ts';

export interface SummaryFacts {
  readonly role: 'all' | 'api' | 'worker';
  readonly version: string;
  /** Whether the demo's accounts are there. */
  readonly isDemo: boolean;
  readonly shownUrl: string;
  /** Where other machines of the network reach it; empty where it listens to this one alone. */
  readonly lanUrls: readonly string[];
  readonly dataDir: string;
  /** `embedded PostgreSQL` or where the external one is, without its password. */
  readonly database: string;
  readonly rootKeyFrom: 'environment' | 'file';
  readonly contents: Contents;
}

export interface Contents {
  readonly programmes: number;
  readonly merchants: number;
  /** At most {@link MEMBERS_COUNTED}. */
  readonly members: number;
  readonly ledgerEntries: number;
}

/** Counting further would make the start of a large server wait for a number nobody needs. */
const MEMBERS_COUNTED = 1_000_000;

export async function readContents(sql: Sql): Promise<Contents> {
  const { rows } = await sql.query<Omit<Contents, 'ledgerEntries'>>(
    `select (select count(*) from programme) as programmes, (select count(*) from merchant) as merchants,
       (select count(*) from (select from member limit $1) m) as members`,
    [MEMBERS_COUNTED],
  );
  const { heads } = await readHeads(sql);
  const ledgerEntries = heads.reduce((sum, head) => sum + head.entries, 0);
  return { programmes: 0, merchants: 0, members: 0, ...rows[0], ledgerEntries };
}

/** How the demo is entered: one of each kind, the others stand in its documentation. The codes of members stand among the lines of the log. */
const DEMO = {
  console:
    'operator@demo.hongmi.example, password hongmi-demo-2026 (docs/demo.md names all accounts)',
  members: '+99900000001, or any number: the code is written here',
  till: 'cashier@demo.hongmi.example, password hongmi-demo-2026',
} as const;

/** The lines a person sees once the server is up. */
export function summarise(facts: SummaryFacts): string {
  const { contents } = facts;
  const count = (n: number, one: string, many = `${one}s`): string =>
    `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
  const inside = [
    count(contents.programmes, 'programme'),
    count(contents.merchants, 'merchant'),
    `${contents.members >= MEMBERS_COUNTED ? 'over ' : ''}${count(contents.members, 'member')}`,
    count(contents.ledgerEntries, 'ledger entry', 'ledger entries'),
  ].join(', ');
  const key =
    facts.rootKeyFrom === 'file'
      ? `the key in ${rootKeyFile(facts.dataDir)}`
      : 'the key in HONGMI_ROOT_KEY';
  const signIn = (text: string): [string, string][] => (facts.isDemo ? [['  as', text]] : []);
  // Of the demo whoever proves a number becomes a member.
  const members = `/m/${facts.isDemo ? '?join=demo' : ''}`;
  const api: [string, string][] = [
    ['Console', `${facts.shownUrl}/console/`],
    ...signIn(DEMO.console),
    ['Members', facts.shownUrl + members],
    ...signIn(DEMO.members),
    ...facts.lanUrls.map((url): [string, string] => ['  phone', url + members]),
    ['Till', `${facts.shownUrl}/till/`],
    ...signIn(DEMO.till),
    ...facts.lanUrls.map((url): [string, string] => ['  tablet', `${url}/till/`]),
    ['API', `${facts.shownUrl}/v1`],
    ['Docs', `${facts.shownUrl}/docs`],
    ['API key', `Authorization: Bearer <${key}>`],
  ];
  const worker: [string, string][] = [['Health', `${facts.shownUrl}/v1/health (jobs only)`]];
  const rows: [string, string][] = [
    ...(facts.role === 'worker' ? worker : api),
    ['Database', facts.database],
    ['Inside', inside],
    ['Stop', 'Ctrl-C'],
  ];
  return [
    `Hongmi ${facts.version} is ready.`,
    ...rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`),
  ].join('\n');
}

/** A database URL without its password. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.hostname || 'localhost'}${parsed.port === '' ? '' : `:${parsed.port}`}${parsed.pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}
