import type { Pool } from 'pg';

const SEEN: Readonly<Record<string, string>> = {
  // When a key was used is noted later.
  'public.api_key': "(to_jsonb(t) - 'last_used_at')",
  // What became of a claim is noted after its answer.
  'ledger.claim': '(t.hash, t.shard, t.key, t.fingerprint)',
  // When a tier is looked at next is the business of the job that looks.
  'public.member_tier': "(to_jsonb(t) - 'next_at_ms')",
};

/** Who asked for what is written down there, whatever came of it. */
const AUDIT = ['audit_entry', 'audit_outcome'];

/** A digest of every row there is, table by table, but for tables of these names and {@link AUDIT}. */
export async function digestAll(
  pool: Pool,
  without: readonly string[],
): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('public', 'ledger') and table_type = 'BASE TABLE' and table_name <> all ($1)`,
    [[...without, ...AUDIT]],
  );
  const digests = rows.map(async ({ name }) => {
    const sql = `select count(*) || ' ' || md5(coalesce(string_agg(seen, '|' order by seen), '')) as digest
      from (select ${SEEN[name] ?? 't'}::text as seen from ${name} t) d`;
    return [name, (await pool.query<{ digest: string }>(sql)).rows[0]?.digest ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}
