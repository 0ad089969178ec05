/**
 * No publication or retirement counts sooner than this after it is decided. What a process knows was read at
 * some moment, and whatever was decided since counts only later than that moment and this together: until
 * then it misses nothing. The tables say it too (migrations/0014_rules.sql).
 */
export const PUBLICATION_LEAD_MS = 10_000;

/** How far the clocks of two machines that work on one database may be apart. */
export const CLOCKS_APART_MS = 3_000;
