import { Failure } from '../failure.ts';
import type { ImportApi } from './api.ts';
import { createAssembly } from './assemble.ts';
import { createLanes } from './lanes.ts';
import { judge } from './line.ts';
import type { Mapping } from './mapping.ts';
import { partOf, passesFor } from './passes.ts';
import { readFile } from './read-file.ts';
import { openRejects, type RejectsPlace } from './rejects.ts';
import type { RoundLimits } from './rounds.ts';
import { sendRound } from './send.ts';
import { invoiceKey, type Survey, startSurvey } from './survey.ts';
import { type Report, startTally, type Tally } from './tally.ts';

export type Phase = 'reading' | 'sending' | 'rejects';

export interface ImportOptions {
  readonly path: string;
  readonly mapping: Mapping;
  readonly rejects: RejectsPlace;
  /** Asked for only once the file was found readable. */
  readonly connect: () => Promise<ImportApi>;
  readonly onProgress: (phase: Phase, done: number) => void;
  /** What a rejected line's reason is called for people. */
  readonly explain: (reason: string, detail: string) => string;
  readonly lanes?: number;
  readonly limits?: RoundLimits;
  /** Lines held back at a time; see passes.ts. */
  readonly heldMax?: number;
}

export interface Imported {
  readonly report: Report;
  /** Where the rejected lines are; null when there are none. */
  readonly rejectsPath: string | null;
}

/** Requests under way at a time. */
const LANES = 4;
/** A request the server answers in well under a second, far below its 8 MB. */
const LIMITS: RoundLimits = { items: 300, lines: 5_000 };

/**
 * Imports a merchant's export. The file is read twice (and once more when lines were rejected): first
 * to find what is wrong with it before anything is changed, and where each invoice ends; then to send.
 */
export async function importOrders(options: ImportOptions): Promise<Imported> {
  const { path, mapping, rejects } = options;
  const { survey, source } = await surveyFile(options);
  await rejects.check();
  const api = await options.connect();
  const merchantId = await api.merchantId(mapping.merchant, mapping.programme);
  const members = await registerBuyers(api, mapping, survey);
  const tally = startTally();
  const memberOf = findingOthers(api, mapping, members);
  const lanes = createLanes(options.lanes ?? LANES, options.limits ?? LIMITS, (round) =>
    sendRound(round, { api, merchantId, source, tally, memberOf }),
  );
  const passes = passesFor(survey, options.heldMax);
  for (let pass = 0; pass < passes; pass += 1) {
    const reading = readFile(path, mapping);
    const assembly = createAssembly();
    const reasons = survey.reasons();
    for await (const batch of reading.batches) {
      let place = batch.place - 1;
      for (const cells of batch.records) {
        place += 1;
        if (reasons(place, () => judge(cells, place, batch.layout)) !== undefined) continue;
        const line = judge(cells, place, batch.layout);
        const invoice = 'reason' in line ? undefined : survey.invoices.get(invoiceKey(line));
        if ('reason' in line || invoice === undefined) throw new Failure('file_changed', { path });
        if (partOf(invoice.customer, passes) !== pass) continue;
        for (const item of assembly.add(line, place, invoice)) lanes.add(item);
      }
      await lanes.room();
      options.onProgress('sending', (pass + batch.done) / passes);
    }
    await lanes.finish();
    if (reading.digest() !== source || assembly.held() > 0)
      throw new Failure('file_changed', { path });
  }
  const rejectsPath = await writeRejects(options, survey, source, tally);
  return { report: tally.report(survey), rejectsPath };
}

/** What an import would do as far as the file alone tells: nothing is sent. */
export async function previewImport(
  options: ImportOptions,
): Promise<Omit<Report, 'pointsClawedBack' | 'pointsOutstanding'>> {
  const { survey } = await surveyFile(options);
  return {
    lines: survey.lines,
    orders: survey.orders,
    members: survey.buyers.size,
    pointsEarned: survey.pointsAt(options.mapping.merchant.earnRatio),
    rejected: startTally().report(survey).rejected,
  };
}

async function surveyFile({
  path,
  mapping,
  onProgress,
}: ImportOptions): Promise<{ survey: Survey; source: string }> {
  const reading = readFile(path, mapping);
  const collecting = startSurvey();
  for await (const batch of reading.batches) {
    for (const [index, cells] of batch.records.entries()) {
      collecting.add(judge(cells, batch.place + index, batch.layout));
    }
    onProgress('reading', batch.done);
  }
  return { survey: collecting.finish(), source: reading.digest() };
}

/** Members of everyone with an accepted sale. */
async function registerBuyers(
  api: ImportApi,
  mapping: Mapping,
  survey: Survey,
): Promise<Map<string, string>> {
  const customers = [...survey.buyers];
  const members = new Map<string, string>();
  for (let start = 0; start < customers.length; start += api.membersMax) {
    const some = customers.slice(start, start + api.membersMax);
    const ids = await api.memberIds(mapping.memberSystem, some, mapping.programme);
    for (const [index, customer] of some.entries()) members.set(customer, ids[index] ?? '');
  }
  return members;
}

/** Looks up who only brings something back: an earlier file may have made them a member. */
function findingOthers(api: ImportApi, mapping: Mapping, buyers: ReadonlyMap<string, string>) {
  const others = new Map<string, Promise<string | undefined>>();
  return async (customer: string): Promise<string | undefined> => {
    const known = buyers.get(customer);
    if (known !== undefined) return known;
    let asked = others.get(customer);
    if (asked === undefined) {
      asked = api.findMember(mapping.memberSystem, customer);
      others.set(customer, asked);
    }
    return asked;
  };
}

async function writeRejects(
  options: ImportOptions,
  survey: Survey,
  source: string,
  tally: Tally,
): Promise<string | null> {
  if (survey.rejected.size === 0 && tally.refused.size === 0) return null;
  const { path, mapping, rejects, explain, onProgress } = options;
  const file = await openRejects(rejects, mapping, source);
  try {
    const reasons = survey.reasons();
    for await (const batch of readFile(path, mapping).batches) {
      const { layout } = batch;
      let place = batch.place - 1;
      for (const cells of batch.records) {
        place += 1;
        const reason = reasons(place, () => judge(cells, place, layout));
        const refused =
          reason === undefined ? tally.refused.get(place) : { reason, left: null, detail: '' };
        if (refused === undefined) continue;
        const { left, detail } = refused;
        file.add({
          cells,
          place,
          layout,
          reason: refused.reason,
          detail: explain(refused.reason, detail),
          left,
        });
      }
      await file.flush(batch.layout);
      onProgress('rejects', batch.done);
    }
    return await file.close();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
