// Every metric of the server, once: what it is called, what it counts, how it is divided. docs/metrics.md
// explains them, docs/grafana draws them, and a test holds the three together. Names follow Prometheus:
// base units, the unit at the end of the name, `_total` for what only grows.

interface Described {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets; what exceeds the last is counted apart. */
  readonly bounds?: readonly number[];
}

/** From a fifth of a millisecond, the cheapest statement, to the patience of a client. */
const SECONDS = [
  0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
] as const;
const JOB_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300] as const;

export const CATALOGUE = {
  // The ledger's engine
  hongmi_ledger_batch_size: {
    kind: 'histogram',
    help: 'Commands in a batch that was decided together',
    labels: [],
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  },
  hongmi_ledger_lane_wait_seconds: {
    kind: 'histogram',
    help: 'Time a command waited in its lane before its batch left',
    labels: [],
    bounds: SECONDS,
  },
  hongmi_ledger_batch_seconds: {
    kind: 'histogram',
    help: 'Time of one step of a batch: load, decide, encode, append (which ends with the commit)',
    labels: ['step'],
    bounds: SECONDS,
  },
  hongmi_ledger_queue_depth: {
    kind: 'gauge',
    help: 'Commands that wait or are in flight in the lane of a shard',
    labels: ['shard'],
  },
  hongmi_ledger_retries_total: {
    kind: 'counter',
    help: 'Batches decided again: head_moved (another process was faster), connection, split (one command failed them all)',
    labels: ['reason'],
  },
  hongmi_ledger_commands_total: {
    kind: 'counter',
    help: 'Commands answered: applied, refused, replayed (the answer of an earlier one with the same key), failed',
    labels: ['kind', 'outcome'],
  },
  hongmi_ledger_refusals_total: {
    kind: 'counter',
    help: 'Commands refused, by the code of the refusal',
    labels: ['code'],
  },
  hongmi_ledger_blocks_total: {
    kind: 'counter',
    help: 'Blocks appended to the chains',
    labels: [],
  },
  hongmi_ledger_thread_crashes_total: {
    kind: 'counter',
    help: 'Engine threads that crashed and were replaced',
    labels: [],
  },

  // Requests
  hongmi_http_requests_total: {
    kind: 'counter',
    help: 'Requests answered, by route and status',
    labels: ['method', 'route', 'status'],
  },
  hongmi_http_request_seconds: {
    kind: 'histogram',
    help: 'Time from a request arriving to its answer being sent',
    labels: ['method', 'route'],
    bounds: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
  },
  hongmi_http_connections: {
    kind: 'gauge',
    help: 'Open connections of clients',
    labels: [],
  },

  // Jobs
  hongmi_job_runs_total: {
    kind: 'counter',
    help: 'Rounds of a background job, by outcome: done, failed',
    labels: ['task', 'outcome'],
  },
  hongmi_job_seconds: {
    kind: 'histogram',
    help: 'Time of one round of a background job',
    labels: ['task'],
    bounds: JOB_SECONDS,
  },
  hongmi_job_items_total: {
    kind: 'counter',
    help: 'Things a background job has done',
    labels: ['task'],
  },

  hongmi_returns_waiting_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest return that waits for its order; 0 when none does',
    labels: [],
  },

  hongmi_clearing_reconcile_wrong: {
    kind: 'gauge',
    help: 'What does not add up between ledger, clearing and books, and is not resolved',
    labels: [],
  },

  hongmi_payments_open: {
    kind: 'gauge',
    help: 'Cash payments beside points that are neither paid nor closed',
    labels: [],
  },
  hongmi_cash_refunds: {
    kind: 'gauge',
    help: 'Cash refunds by standing: sending (all that are not at their end), refused (of those, by the provider), failed',
    labels: ['standing'],
  },
  hongmi_after_sales_cases: {
    kind: 'gauge',
    help: 'After-sales cases that are not over: open (all of them), overdue (the merchant let the time pass), escalated (they wait for the operator)',
    labels: ['state'],
  },
  hongmi_clearing_funding_low: {
    kind: 'gauge',
    help: 'Funding accounts of merchants with less than their alert value available',
    labels: [],
  },

  hongmi_clearing_dossiers: {
    kind: 'gauge',
    help: 'Documents of issuers by merchant and kind: ending (within 30 days), lapsed',
    labels: ['state'],
  },
  hongmi_clearing_disputes_open: {
    kind: 'gauge',
    help: 'Disputes of closed periods that wait to be decided: open, escalated (not decided in time)',
    labels: ['state'],
  },
  hongmi_clearing_guard_alerts: {
    kind: 'gauge',
    help: 'Open alerts of the clearing guard that nobody has acknowledged: negative_margin, drain, reward_drain, quota_near',
    labels: ['kind'],
  },

  // The database, as this process sees it
  hongmi_database_connections: {
    kind: 'gauge',
    help: 'Connections of a pool: busy, idle',
    labels: ['pool', 'state'],
  },
  hongmi_database_connections_max: {
    kind: 'gauge',
    help: 'Connections a pool may open',
    labels: ['pool'],
  },
  hongmi_database_waiting: {
    kind: 'gauge',
    help: 'Statements that wait for a connection of a pool',
    labels: ['pool'],
  },

  // Trust
  hongmi_ledger_head_block: {
    kind: 'gauge',
    help: 'Newest block of a shard',
    labels: ['shard'],
  },
  hongmi_ledger_verify_lag_blocks: {
    kind: 'gauge',
    help: 'Blocks of a shard that reconciliation has not replayed yet',
    labels: ['shard'],
  },
  hongmi_ledger_verify_lag_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest block of a shard that reconciliation has not replayed yet; 0 when there is none',
    labels: ['shard'],
  },
  hongmi_ledger_findings: {
    kind: 'gauge',
    help: 'Findings of the reconciliation that nobody has acknowledged',
    labels: [],
  },
  hongmi_ledger_invariant_checks_total: {
    kind: 'counter',
    help: 'Times an invariant of the ledger was checked by the reconciliation',
    labels: ['invariant'],
  },
  hongmi_ledger_invariant_failures_total: {
    kind: 'counter',
    help: 'Times an invariant of the ledger did not hold',
    labels: ['invariant'],
  },
  hongmi_ledger_seal_age_seconds: {
    kind: 'gauge',
    help: 'Time since the newest seal was made; seals are made only while something changes',
    labels: [],
  },
  hongmi_ledger_unsealed_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest block that no seal covers; 0 when there is none',
    labels: [],
  },

  // The process
  hongmi_event_loop_delay_seconds: {
    kind: 'histogram',
    help: 'How late a timer ran: main is HTTP, the others decide and write',
    labels: ['thread'],
    bounds: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    help: 'Processor time of the process, in all its threads',
    labels: [],
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    help: 'Memory of the process',
    labels: [],
  },
  process_start_time_seconds: {
    kind: 'gauge',
    help: 'When the process started, in seconds since the Unix epoch',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Described>>;

export type MetricName = keyof typeof CATALOGUE;
type NamesOf<Kind extends Described['kind']> = {
  [Name in MetricName]: (typeof CATALOGUE)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** One value for each label of the metric, in the catalogue's order. */
export type LabelsOf<Name extends MetricName> = ValuesOf<(typeof CATALOGUE)[Name]['labels']>;
type ValuesOf<Labels extends readonly string[]> = { readonly [Place in keyof Labels]: string };
