import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';

/** How what a green behaviour saves is worked out, from when on. Published once and never changed; the next one of its behaviour ends it. */
export interface Method {
  readonly id: Uuid;
  readonly programme: number;
  readonly behaviour: string;
  readonly number: number;
  readonly name: string;
  /** Whose factors these are, and of where and when. */
  readonly source: string;
  readonly region: string;
  readonly year: number;
  /** What is counted: `km`, `cup`. */
  readonly unit: string;
  /** The attribute of an activity that says how many; null: every activity is one. */
  readonly attribute: string | null;
  /** Emission factors in mg CO2e a unit: of what is usual, and of what was done instead. */
  readonly baselineMg: number;
  readonly actualMg: number;
  readonly from: Instant;
  readonly actor: string;
  readonly createdAt: Instant;
}

/** What one activity saved. */
export interface Saving {
  readonly method: Uuid;
  readonly quantity: number;
  /** g CO2e, rounded down. */
  readonly grams: number;
}

/** mg CO2e a unit: a tonne at most. */
const FACTOR_MAX = 1_000_000_000;
const MG_PER_GRAM = 1_000n;
/** A thousand tonnes: no activity of one member saves that much, and sums of what is less stay exact. */
export const GRAMS_MAX = 1_000_000_000;

/**
 * What an activity with these attributes saves: quantity x (baseline - actual), rounded down to whole grams. Null when it does not
 * say how much it was, or it saves less than a gram.
 */
export function savingOf(
  { id, attribute, baselineMg, actualMg }: Method,
  attributes: Readonly<Record<string, unknown>>,
): Saving | Refusal | null {
  const quantity = attribute === null ? 1 : attributes[attribute];
  if (typeof quantity !== 'number' || quantity <= 0) return null;
  const grams = (BigInt(quantity) * BigInt(baselineMg - actualMg)) / MG_PER_GRAM;
  if (grams > BigInt(GRAMS_MAX))
    return refusal('carbon_out_of_range', `nothing saves that much: ${attribute} is ${quantity}`);
  return grams === 0n ? null : { method: id, quantity, grams: Number(grams) };
}

const Factor = Type.Integer({ minimum: 0, maximum: FACTOR_MAX });
const terms = {
  behaviour: Code,
  name: text(200),
  source: Type.String({ ...text(500), description: 'Whose factors these are.' }),
  region: text(100),
  year: Type.Integer({ minimum: 1990, maximum: 2100 }),
  unit: Type.String({ ...text(20), description: 'What is counted: `km`, `cup`.' }),
};
const factors = {
  baselineMg: Type.Integer({ ...Factor, description: 'mg CO2e a unit of what is usual.' }),
  actualMg: Type.Integer({
    ...Factor,
    description:
      'mg CO2e a unit of what was done instead; not above `baselineMg`. When both are the same, the behaviour saves nothing any more.',
  }),
};
const AttributeName = Type.String({
  pattern: '^[a-z][A-Za-z0-9_]{0,39}$',
  description:
    'The attribute of an activity that says how many units it was; without it each is one.',
});

export const NewMethod = object(
  {
    programme: Type.Optional(Code),
    ...terms,
    attribute: Type.Optional(AttributeName),
    ...factors,
    from: Type.String({
      ...InstantText,
      description: 'Not before now, and after its predecessor begins.',
    }),
    actor: text(100),
  },
  { title: 'NewCarbonMethod' },
);
export type NewMethod = Type.Static<typeof NewMethod>;

export const MethodShown = object(
  {
    id: idOf('carbonMethod'),
    programme: Code,
    ...terms,
    number: Type.Integer({ description: 'The methods of a behaviour follow each other.' }),
    attribute: nullable(AttributeName),
    ...factors,
    from: InstantText,
    actor: Type.String(),
    createdAt: InstantText,
  },
  {
    title: 'CarbonMethod',
    description: 'How what a green behaviour saves of emissions is worked out. It never changes.',
  },
);
export type MethodShown = Type.Static<typeof MethodShown>;

export const SavingShown = object(
  {
    methodId: idOf('carbonMethod'),
    quantity: Type.Integer({ description: 'How many units.' }),
    grams: Type.Integer({ description: 'g CO2e, rounded down.' }),
  },
  { title: 'CarbonSaving', description: 'What a green activity saved of emissions.' },
);

export function showMethod(method: Method, programme: string): MethodShown {
  const { id, from, createdAt, programme: _, ...rest } = method;
  return {
    id: showId('carbonMethod', id),
    programme,
    ...rest,
    from: showInstant(from),
    createdAt: showInstant(createdAt),
  };
}

export function showSaving({ method, quantity, grams }: Saving): Type.Static<typeof SavingShown> {
  return { methodId: showId('carbonMethod', method), quantity, grams };
}
