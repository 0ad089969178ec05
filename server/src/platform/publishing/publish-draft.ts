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
import { deleteDraft, insertChange, lockItem, readDrafts } from './store.ts';
import { countOthers, endVersions, insertVersion, readVersionsFrom } from './version-store.ts';

/**
 * Publishes an item's draft; answers the item's id. It counts from `asked`, or as soon as it may: within seconds when it is
 * proven to be as good for members as what it replaces, else after the programme's notice. What held before ends there, and
 * what was announced for later is withdrawn. Of two that publish one draft the second finds no draft any more.
 *
 * Refused: that it is not found or has no draft, `merchant_out_of_reach`, what is wrong with the draft
 * (its programme may have changed since it was saved), a time that is past, `notice_needed`, that there are too many, and
 * what `judge` refuses.
 */
export async function publishDraft<Body>(
  tx: Transaction,
  { family, itemsMax, check, judge, tellOf }: Publishing<Body>,
  id: Uuid,
  asked: Instant | null,
  by: Caller,
): Promise<Uuid | Refusal> {
  const codes = CODES[family];
  const item = await lockItem(tx, family, id, by.view);
  if ('message' in item) return item;
  const draft = (await readDrafts<Body>(tx, family, [item])).get(id);
  if (draft === undefined) return problem(codes.hasNoDraft);
  const programme = await lockProgramme(tx, item.programme);
  await holdBooks(tx, family);
  // Only now, with the clock standing and nobody reading: see registry.ts.
  const now = by.clock.now() + programme.clockOffsetMs;
  const refusal = await check(tx, programme, item.merchant, draft.body);
  if (refusal !== null) return refusal;
  if ((await countOthers(tx, family, item, now)) >= itemsMax)
    return problem(codes.limitReached, undefined, { max: itemsMax });
  const since = Math.max(asked ?? 0, now + PUBLICATION_LEAD_MS);
  const replaced = await readVersionsFrom<Body>(tx, family, id, since);
  const comparison = await judge(tx, { item, replaced, draft, now });
  if ('message' in comparison) return comparison;
  const needsNotice = comparison.verdict === 'worse';
  const effect = effectOf(programme, now, asked, needsNotice, codes.timePast);
  if ('message' in effect) {
    const reasons = comparison.reasons.map(({ path, reason }) => `${path} ${reason}`).join(', ');
    const facts = { ...effect.facts, ...(needsNotice ? { reasons } : {}) };
    return { ...effect, facts };
  }
  await endVersions(tx, family, id, { at: now, by: by.key, from: effect.from, retired: false });
  const published = { publishedAt: now, publishedBy: by.key };
  await insertVersion(tx, family, { ...draft, ...effect, comparison, ...published });
  await deleteDraft(tx, family, id);
  await insertChange(tx, family, {
    programme: programme.id,
    of: id,
    kind: 'published',
    draft,
    at: now,
    by: by.key,
    from: effect.from,
  });
  if (needsNotice) {
    await by.announce(tx, {
      family,
      programme,
      version: draft.id,
      merchant: item.merchant,
      ...tellOf(draft.body),
      change: replaced.length === 0 ? 'begins' : 'changes',
      from: effect.from,
    });
  }
  await tell(tx, `${family}s`, String(programme.id));
  return id;
}
