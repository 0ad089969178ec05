import type Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { codesOfLine } from '../kernel/green-standing.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { readVersions } from '../platform/publishing/book-store.ts';
import { isOwn, reachesProgramme, type View } from '../platform/publishing/published.ts';
import { findDraft, findItem } from '../platform/publishing/store.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import { compileRules, type RuleBook } from './compile.ts';
import type { Examination, NewExamination } from './examine-schema.ts';
import { explain } from './explain.ts';
import { readKnownLeft } from './known-left.ts';
import { rate } from './rate.ts';
import type { Award, MemberFacts, Occasion, RatedLine } from './rating.ts';
import type { RuleBody, RuleVersion } from './rule.ts';
import type { RuleDeps, RuleMerchant } from './rule-deps.ts';
import { nameIn, showOutcome } from './shown.ts';

type Asked = Type.Static<typeof NewExamination>;
type Shown = Type.Static<typeof Examination>;

/**
 * What an order or activity would be worth at an instant, by the rules in force then and by versions named in
 * their place. Reads only. Refused: `merchant_not_found`, `member_not_found`, `rule_version_not_found` (also what
 * the caller does not see), and what an order of this kind would be refused for.
 */
export async function examine(asked: Asked, view: View, deps: RuleDeps): Promise<Shown | Refusal> {
  const merchantId = mustReadId('merchant', asked.merchantId);
  if (view.merchant !== null && view.merchant !== merchantId)
    return problem('merchant_out_of_reach');
  const merchant = await deps.findMerchant(merchantId);
  if (merchant === undefined || !reachesProgramme(view, merchant.programme))
    return problem('merchant_not_found');
  const now = deps.programmeClock(merchant.programme);
  const at = asked.at === undefined ? now : mustReadInstant(asked.at);
  const member = await memberOf(asked, merchant, at, deps);
  if ('message' in member) return member;
  const hidesMember = await isHidden(asked, view, deps);
  const book = await bookOf(asked, merchant, at, view, deps);
  if ('message' in book) return book;
  const programme = deps.programmes.byId(merchant.programme);
  if (programme === undefined) throw new Error(`there is no programme ${merchant.programme}`);
  const shown = { ...member, ...(hidesMember ? toldOf(asked) : {}) };
  const lines = await linesOf(asked, merchant.id, at, deps);
  const told = occasionOf(asked, merchant, programme.timeZone, at, shown, lines);
  const occasion = await withKnownLeft(asked, told, book, deps);
  const rating = rate(book, occasion);
  if ('code' in rating) return rating;
  const nameOf = nameIn(book);
  return {
    at: showInstant(at),
    awards: rating.awards.map((award) => ({
      ...nameOf(award.version),
      ...showAward(award, deps.usualExpiry(merchant.programme, award.pointType, at)),
    })),
    rules: explain(book, occasion).map((outcome) => showOutcome(book, outcome, { hidesMember })),
  };
}

/** The rules in force at `at`, those that are named in place of what is of their rules. */
async function bookOf(
  { drafts = [] }: Asked,
  { programme }: RuleMerchant,
  at: Instant,
  view: View,
  deps: RuleDeps,
): Promise<RuleBook | Refusal> {
  const book = await deps.registry.bookAt(programme, at);
  if (drafts.length === 0) return book;
  const versions: RuleVersion[] = [];
  for (const shown of new Set(drafts)) {
    const id = mustReadId('ruleVersion', shown);
    const [draft, [published]] = [
      await findDraft<RuleBody>(deps.pool, 'rule', id),
      await readVersions<RuleBody>(deps.pool, 'rule', [id]),
    ];
    const found = draft ?? published;
    const rule =
      found === undefined ? undefined : await findItem(deps.pool, 'rule', found.of, view);
    const isSeen = draft === undefined || (rule !== undefined && isOwn(view, rule));
    if (found === undefined || rule === undefined || !isSeen || rule.programme !== programme)
      return problem('rule_version_not_found', undefined, { ruleVersionId: shown });
    const { code, merchant } = rule;
    const { of, number, body } = found;
    versions.push({ id, rule: of, code, number, merchant, body, from: at, until: null });
  }
  const replaced = new Set(versions.map(({ rule }) => rule));
  const kept = [...book.byVersion.values()]
    .map(({ version }) => version)
    .filter(({ rule }) => !replaced.has(rule));
  return compileRules([...kept, ...versions]);
}

/** The same, with what is left for the member, as an order or activity of now would find it. */
async function withKnownLeft(
  { memberId }: Asked,
  occasion: Occasion,
  book: RuleBook,
  { pool }: RuleDeps,
): Promise<Occasion> {
  const member = memberId === undefined ? null : mustReadId('member', memberId);
  const [left] = await readKnownLeft(pool, [
    { member, book, at: occasion.at, occasion: () => occasion },
  ]);
  return { ...occasion, member: { ...occasion.member, ...left } };
}

/** A merchant finds out nothing by trying rules on a member that the member does not share with it. */
async function isHidden(
  { memberId }: Asked,
  { merchant }: View,
  { sharesWith }: RuleDeps,
): Promise<boolean> {
  if (merchant === null || memberId === undefined) return false;
  return !(await sharesWith(mustReadId('member', memberId), merchant));
}

/** What is kept of members by their consent, as far as the caller says it himself. */
function toldOf({ member = {} }: Asked): Pick<MemberFacts, 'creditBand' | 'segments' | 'birthday'> {
  const { creditBand = null, segments = [], birthday = null } = member;
  return { creditBand, segments, birthday };
}

async function memberOf(
  { memberId, member = {} }: Asked,
  { id: merchant, programme }: RuleMerchant,
  at: Instant,
  { isMember, factsOf, hasTiers }: RuleDeps,
): Promise<MemberFacts | Refusal> {
  const id = memberId === undefined ? undefined : mustReadId('member', memberId);
  if (id !== undefined && !(await isMember(id))) return problem('member_not_found');
  const [known] = id === undefined ? [] : await factsOf([{ member: id, merchant, programme, at }]);
  let merchantTier: string | null | undefined = member.merchantTier ?? known?.merchantTier;
  if (merchantTier === undefined && id === undefined && (await hasTiers(merchant, programme, at)))
    merchantTier = null;
  return {
    tier: member.tier ?? known?.tier ?? null,
    ...(merchantTier === undefined ? {} : { merchantTier }),
    creditBand: member.creditBand ?? known?.creditBand ?? null,
    segments: member.segments ?? known?.segments ?? [],
    earlierOrders: member.earlierOrders ?? known?.earlierOrders ?? 0,
    joinedAt:
      member.joinedAt === undefined ? (known?.joinedAt ?? at) : mustReadInstant(member.joinedAt),
    birthday: member.birthday ?? known?.birthday ?? null,
  };
}

/** The lines, with what is known now to stand behind those that name a certificate. */
function linesOf(
  { lines = [], tenders = [] }: Asked,
  merchant: Uuid,
  at: Instant,
  { backingOf }: RuleDeps,
): Promise<RatedLine[]> {
  const told = lines.map((line, index) => ({
    lineNo: index + 1,
    sku: line.sku,
    brand: line.brand ?? null,
    category: line.category ?? null,
    zone: line.zone ?? null,
    greenCertificate: line.greenCertificate ?? null,
    quantity: line.quantity,
    amountFen: line.amountFen,
  }));
  return Promise.all(
    told.map(async (line) => {
      const certificate = line.greenCertificate;
      if (certificate === null) return { ...line, green: null };
      const codes = codesOfLine(line, tenders);
      const [backing] = await backingOf([{ merchant, certificate, codes, at }]);
      return { ...line, green: backing?.standing ?? null };
    }),
  );
}

function occasionOf(
  asked: Asked,
  merchant: RuleMerchant,
  timeZone: string,
  at: Instant,
  member: MemberFacts,
  lines: readonly RatedLine[],
): Occasion {
  return {
    on: asked.on ?? 'order',
    at,
    timeZone,
    merchant: merchant.id,
    merchantCategory: merchant.category,
    ratio: merchant.ratioAt(at),
    store: asked.store ?? null,
    channel: asked.channel ?? null,
    tenders: asked.tenders ?? [],
    lines,
    member,
    attributes: asked.attributes ?? {},
  };
}

function showAward(award: Award, usual: Instant | null) {
  const expiresAt = award.expiresAt === undefined ? usual : award.expiresAt;
  return {
    pointType: award.pointType,
    points: award.points,
    availableAt: award.availableAt === null ? null : showInstant(award.availableAt),
    ...(award.onCompletion ? { onCompletion: true as const } : {}),
    expiresAt: expiresAt === null ? null : showInstant(expiresAt),
    funders:
      award.funders?.map(({ merchant, share }) => ({
        merchantId: showId('merchant', merchant),
        share,
      })) ?? null,
    limits: award.limits.map((limit) =>
      'budget' in limit
        ? { budgetId: showId('budget', limit.budget) }
        : { counter: limit.counter, max: limit.max },
    ),
  };
}
