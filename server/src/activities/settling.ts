import { type Counting, countOrReport } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { IssueCommand } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { type ActivityAward, type Awarded, awardCommand } from './activity.ts';
import { readAwarded } from './store.ts';

/** What the ledger said to an award; `refused` without a command of its own when the evidence was gone before. */
export type AwardAnswer = Answer | { readonly status: 'unasked'; readonly refusal: Refusal };

export const ALREADY_CLAIMED = 'already_claimed';

/** Brings what was recorded into the ledger. Everything here can be repeated: the ledger knows each command by its key. */
export interface Settling {
  /** For each activity the answers to its awards, in order. */
  settle(list: readonly Awarded[]): Promise<AwardAnswer[][]>;
  /** The same, asking only what the ledger would say. */
  preview(list: readonly Awarded[]): Promise<AwardAnswer[][]>;
  /** What a crash left behind. */
  readonly leftovers: Leftovers<Waiting>;
  /** Has activities counted as they are now; false when that failed, so that it is to be done again. */
  count(list: readonly Awarded[]): Promise<boolean>;
}

export function createSettling({
  pool,
  ledger,
  sealer,
  counting,
  onError,
}: {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly counting: Counting;
  /** Told when the note that something is settled failed; the settle job will send it again. */
  readonly onError: (error: unknown) => void;
}): Settling {
  async function settle(list: readonly Awarded[]): Promise<AwardAnswer[][]> {
    const answers = await askInRounds(list, (commands) => ledger.submitAll(commands));
    const done = list.filter(({ awards }) => awards.length > 0);
    // What is not counted is not noted either, and so it is sent again.
    if (done.length > 0 && (await count(done))) {
      const ids = done.map(({ activity }) => activity.id);
      await markSettled(pool, ids).catch(onError);
    }
    return answers;
  }

  const count = (list: readonly Awarded[]): Promise<boolean> =>
    countOrReport(
      counting,
      list.map(({ activity: { id: deed, member, merchant, programme } }) => {
        return { deed, member, merchant, programme };
      }),
      onError,
    );

  return {
    settle,
    preview(list) {
      // What was asked in earlier rounds is part of what the later ones meet.
      const asked: IssueCommand[] = [];
      return askInRounds(list, async (commands) => {
        asked.push(...commands);
        return (await ledger.preview(asked)).slice(asked.length - commands.length);
      });
    },
    leftovers: unsettledOf(pool, UNSETTLED.activity, async (ids) => {
      await settle(await readAwarded(pool, ids, sealer));
      return ids.length;
    }),
    count,
  };
}

/** An activity on its way: `holds` once an award of it was granted, and with it the evidence is its own. */
interface Course {
  readonly of: Awarded;
  readonly answers: AwardAnswer[];
  holds: boolean;
}

/**
 * Asks for all awards. Evidence pays once but may be worth several awards, each a command of its own: the
 * first that the ledger grants claims it, those after it need not, and where it was claimed by another
 * activity none is asked for. The ledger answers each command always the same, so that this goes the same way
 * whoever repeats it.
 */
async function askInRounds(
  list: readonly Awarded[],
  ask: (commands: readonly IssueCommand[]) => Promise<Answer[]>,
): Promise<AwardAnswer[][]> {
  const courses = list.map(
    (of): Course => ({ of, answers: [], holds: of.activity.evidence === null }),
  );
  for (;;) {
    const asked = courses.flatMap((course) =>
      nextOf(course).map((award) => ({ course, award, claims: !course.holds })),
    );
    if (asked.length === 0) return courses.map(({ answers }) => answers);
    const told = await ask(
      asked.map(({ course, award, claims }) => awardCommand(course.of.activity, award, { claims })),
    );
    for (const [index, { course }] of asked.entries()) note(course, told[index] as Answer);
  }
}

function nextOf({ of, answers, holds }: Course): readonly ActivityAward[] {
  return of.awards.slice(answers.length, holds ? undefined : answers.length + 1);
}

function note(course: Course, answer: Answer): void {
  course.answers.push(answer);
  if (answer.status === 'applied') course.holds = true;
  else if (!course.holds && answer.refusal.code === ALREADY_CLAIMED)
    while (course.answers.length < course.of.awards.length)
      course.answers.push({ status: 'unasked', refusal: answer.refusal });
}

/** What the ledger says of an activity's awards by what it has recorded of them. */
export function answersOf(
  { awards }: Awarded,
  recorded: ReadonlyMap<Uuid, Answer>,
): (AwardAnswer | null)[] {
  const answers = awards.map(({ transaction }) => recorded.get(transaction) ?? null);
  const lost = answers.find(
    (answer) => answer?.status === 'refused' && answer.refusal.code === ALREADY_CLAIMED,
  );
  return answers.map((answer) => {
    if (answer !== null || lost?.status !== 'refused') return answer;
    return { status: 'unasked', refusal: lost.refusal };
  });
}
