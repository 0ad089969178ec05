import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import { tell } from '../news.ts';
import { problem } from '../web/problem.ts';
import { holdBooks } from './book-store.ts';
import { CODES } from './family.ts';
import { PUBLICATION_LEAD_MS } from './lead.ts';
import { effectOf } from './notice.ts';
import { lockProgramme } from './programme-store.ts';
import type { Caller } from './published.ts';
import type { Publishing } from './publishing.ts';
import { insertChange, lockItem } from './store.ts';
import { endVersions, readVersionsFrom } from './version-store.ts';

/**
 * Ends an item, from `asked` or as soon as it may; answers its id. It counts as worse for members, and so after the programme's
 * notice, unless its dates are over.
 *
 * Refused: that it is not found, not in force or the time past, `merchant_out_of_reach`, `notice_needed`.
 */
export async function retireItem<Body>(
  tx: Transaction,
  { family, tellOf, isOver }: Publishing<Body>,
  id: Uuid,
  asked: Instant | null,
  by: Caller,
): Promise<Uuid | Refusal> {
  const codes = CODES[family];
  const item = await lockItem(tx, family, id, by.view);
  if ('message' in item) return item;
  const programme = await lockProgramme(tx, item.programme);
  await holdBooks(tx, family);
  // Only now, with the clock standing and nobody reading: see registry.ts.
  const now = by.clock.now() + programme.clockOffsetMs;
  const since = Math.max(asked ?? 0, now + PUBLICATION_LEAD_MS);
  const ended = await readVersionsFrom<Body>(tx, family, id, since);
  const last = ended.at(-1);
  if (last === undefined) return problem(codes.notInForce);
  const today = localDate(now, programme.timeZone);
  const needsNotice = !ended.every(({ body }) => isOver(body, today));
  const effect = effectOf(programme, now, asked, needsNotice, codes.timePast);
  if ('message' in effect) return effect;
  if (ended.every(({ until }) => until !== null && until <= effect.from))
    return problem(codes.notInForce, `the ${family} ends before that already`);
  await endVersions(tx, family, id, { at: now, by: by.key, from: effect.from, retired: true });
  await insertChange(tx, family, {
    programme: programme.id,
    of: id,
    kind: 'retired',
    draft: null,
    at: now,
    by: by.key,
    from: effect.from,
  });
  if (needsNotice) {
    const { merchant } = item;
    const told = {
      ...tellOf(last.body),
      description: null,
      change: 'ends',
      from: effect.from,
    } as const;
    await by.announce(tx, { family, programme, version: last.id, merchant, ...told });
  }
  await tell(tx, `${family}s`, String(programme.id));
  return id;
}
