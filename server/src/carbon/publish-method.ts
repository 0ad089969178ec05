import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import { type Method, type MethodShown, type NewMethod, showMethod } from './method.ts';
import { insertMethod, lockLastMethod } from './store.ts';

export interface MethodDeps {
  readonly clock: Clock;
  readonly programmeId: (code: string) => Promise<number | undefined>;
  readonly programmeClock: (programme: number) => Instant;
}

/** Publishes how a behaviour's saving is worked out from an instant on that has not come yet: what was saved before stays as it is. */
export async function publishMethod(
  tx: Transaction,
  asked: NewMethod & { readonly programme: string },
  { clock, programmeId, programmeClock }: MethodDeps,
): Promise<Outcome<MethodShown>> {
  const programme = await programmeId(asked.programme);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  if (asked.actualMg > asked.baselineMg) return { refusal: problem('carbon_factors_swapped') };
  const from = mustReadInstant(asked.from);
  const last = await lockLastMethod(tx, programme, asked.behaviour);
  if (from < programmeClock(programme) || (last !== undefined && from <= last.from))
    return {
      refusal: problem('carbon_method_too_early', undefined, {
        ...(last === undefined ? {} : { after: showInstant(last.from) }),
      }),
    };
  const { attribute = null, behaviour, name, source, region, year, unit, actor } = asked;
  const made: Method = {
    id: newId(clock.now()),
    programme,
    number: (last?.number ?? 0) + 1,
    ...{ behaviour, name, source, region, year, unit, attribute, actor, from },
    baselineMg: asked.baselineMg,
    actualMg: asked.actualMg,
    createdAt: clock.now(),
  };
  await insertMethod(tx, made);
  return { status: 201, body: showMethod(made, asked.programme) };
}
