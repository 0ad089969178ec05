import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import { pointTypeToMake } from './point-type.ts';
import type { NewProgramme, ProgrammeShown } from './programme.ts';
import {
  DEFAULT_POINT_TYPE,
  problemOfConversions,
  problemOfNotice,
  showProgramme,
} from './programme.ts';
import { insertProgramme } from './store.ts';

const DEFAULT_POINT_TYPES = [{ code: DEFAULT_POINT_TYPE, name: '消费积分' }];

export async function createProgramme(
  tx: Transaction,
  asked: Type.Static<typeof NewProgramme>,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof ProgrammeShown>>> {
  const pointTypes = (asked.pointTypes ?? DEFAULT_POINT_TYPES).map(pointTypeToMake);
  if (new Set(pointTypes.map((each) => each.code)).size < pointTypes.length) {
    return { refusal: problem('invalid_request', 'two point types have the same code') };
  }
  const conversions = asked.conversions ?? [];
  const sandbox = asked.sandbox ?? false;
  const ruleNoticeDays = asked.ruleNoticeDays ?? 7;
  const refusal =
    problemOfConversions(pointTypes, conversions) ?? problemOfNotice(sandbox, ruleNoticeDays);
  if (refusal !== null) return { refusal };
  if (!sandbox && asked.now !== undefined) return { refusal: problem('not_a_sandbox') };
  const now = clock.now();
  const programme = await insertProgramme(tx, {
    code: asked.code,
    name: asked.name,
    timeZone: asked.timeZone ?? 'Asia/Shanghai',
    sandbox,
    returnPolicy: asked.returnPolicy ?? 'debt',
    refundGraceDays: asked.refundGraceDays ?? 30,
    adjustLimit: asked.adjustLimit ?? 10_000,
    giftMax: asked.giftMax ?? 10_000,
    giftDayMax: asked.giftDayMax ?? 20_000,
    offlineDayMax: asked.offlineDayMax ?? 0,
    ruleNoticeDays,
    merchantsRegisterMembers: asked.merchantsRegisterMembers ?? true,
    membersJoinThemselves: asked.membersJoinThemselves ?? false,
    pointTypes,
    conversions,
    // Nothing was decided in it yet: this once its time may also lie in the past.
    clockOffsetMs: asked.now === undefined ? 0 : mustReadInstant(asked.now) - now,
    createdAt: now,
  });
  if (programme === undefined) {
    return {
      refusal: problem('programme_exists', `the programme ${asked.code} exists already`, {
        programme: asked.code,
      }),
    };
  }
  return { status: 201, body: showProgramme(programme, now) };
}
