import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import type { Scope } from '../../app/session.ts';
import type { Tone } from '../../design/tag.tsx';
import type { words } from './words.ts';

interface Asked {
  readonly programme: Programme;
  /** Whether a merchant asks, who is told of its own alone. */
  readonly isMerchants: boolean;
  readonly signal: AbortSignal;
}

/** How much waits somewhere; `hasMore`: at least so much. */
interface Waiting {
  readonly count: number;
  readonly hasMore: boolean;
}

export interface Source {
  readonly name: Exclude<keyof (typeof words)['zh']['attention'], 'title' | 'nothing' | 'unknown'>;
  readonly scope: Scope;
  /** Nothing that a merchant may know of. */
  readonly isPlatforms?: boolean;
  readonly href: string;
  readonly tone: Tone;
  readonly count: (asked: Asked) => Promise<Waiting>;
}

const LIMIT = 100;
/** A merchant's cases that are due in three days. */
const SOON_MS = 3 * 86_400_000;

interface PageOf<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

/** How many of a page wait, and whether there may be others behind it. */
const among = <Row>(
  { items, nextCursor }: PageOf<Row>,
  waits: (row: Row) => boolean = () => true,
): Waiting => ({ count: items.filter(waits).length, hasMore: nextCursor !== null });

/** The most urgent first. */
export const SOURCES: readonly Source[] = [
  {
    name: 'findings',
    scope: 'ledger:read',
    isPlatforms: true,
    href: '/ledger',
    tone: 'bad',
    count: async ({ signal }) =>
      among(await hongmi.listFindings({ open: true, limit: LIMIT }, { signal })),
  },
  {
    name: 'reconciliation',
    scope: 'books:read',
    isPlatforms: true,
    href: '/reconcile',
    tone: 'bad',
    count: async ({ programme, signal }) => {
      const { last } = await hongmi.getReconciliation({ programme: programme.code }, { signal });
      return { count: last?.findings.length ?? 0, hasMore: false };
    },
  },
  {
    name: 'guard',
    scope: 'clearing:read',
    isPlatforms: true,
    href: '/clearing/guard',
    tone: 'warn',
    count: async ({ programme, signal }) => {
      const asked = { programme: programme.code, open: true, limit: LIMIT };
      return among(
        await hongmi.listGuardAlerts(asked, { signal }),
        (each) => each.acknowledged === null,
      );
    },
  },
  {
    name: 'adjustments',
    scope: 'points:adjust',
    href: '/adjustments',
    tone: 'info',
    count: async ({ programme, signal }) =>
      among(
        await hongmi.listAdjustments(
          { programme: programme.code, status: 'proposed', limit: LIMIT },
          { signal },
        ),
      ),
  },
  {
    name: 'cases',
    scope: 'after-sales:read',
    href: '/after-sales',
    tone: 'warn',
    count: async ({ programme, isMerchants, signal }) => {
      // Those that came to the operator have no deadline.
      const asked = isMerchants
        ? { dueBefore: new Date(Date.parse(programme.now) + SOON_MS).toISOString() }
        : { state: 'escalated' as const };
      return among(await hongmi.listAfterSalesCases({ ...asked, limit: LIMIT }, { signal }));
    },
  },
  {
    name: 'disputes',
    scope: 'clearing:read',
    href: '/clearing/disputes',
    tone: 'warn',
    count: async ({ programme, signal }) => {
      const { code } = programme;
      const [open, escalated] = await Promise.all(
        (['open', 'escalated'] as const).map(async (state) =>
          among(await hongmi.listDisputes({ programme: code, state, limit: LIMIT }, { signal })),
        ),
      );
      return {
        count: (open?.count ?? 0) + (escalated?.count ?? 0),
        hasMore: open?.hasMore === true || escalated?.hasMore === true,
      };
    },
  },
  {
    name: 'clearingAdjustments',
    scope: 'clearing:read',
    href: '/clearing/disputes',
    tone: 'info',
    count: async ({ programme, signal }) =>
      among(
        await hongmi.listClearingAdjustments(
          { programme: programme.code, limit: LIMIT },
          { signal },
        ),
        ({ state }) => state === 'waiting',
      ),
  },
  {
    name: 'dossiers',
    scope: 'dossiers:read',
    href: '/dossiers',
    tone: 'warn',
    count: async ({ programme, signal }) =>
      among(
        await hongmi.listDossierAlerts({ programme: programme.code, limit: LIMIT }, { signal }),
        ({ required, level }) => required || level !== 'missing',
      ),
  },
];
