import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object, text } from '../platform/web/schema.ts';

const STATES = ['open', 'closed'] as const;

/** Where a merchant sells; orders and rules name it by its code. */
export interface Store {
  readonly merchant: Uuid;
  readonly code: string;
  readonly name: string;
  /** Where it is: a mall, a scenic spot, a district. */
  readonly zone: string | null;
  /** Of a closed one orders are still told: they may be late. */
  readonly state: (typeof STATES)[number];
  readonly createdAt: Instant;
}

const Zone = Type.String({
  ...text(100),
  description: 'Where it is: a mall, a scenic spot, a district.',
});
const State = Type.Enum(STATES);

export const NewStore = object(
  { code: Code, name: text(200), zone: Type.Optional(Zone), state: Type.Optional(State) },
  { title: 'NewStore' },
);

/** What to change; what is absent stays. */
export const StoreChange = object(
  {
    name: Type.Optional(text(200)),
    zone: Type.Optional(nullable(Zone)),
    state: Type.Optional(State),
  },
  { title: 'StoreChange' },
);

export const StoreShown = object(
  {
    merchantId: idOf('merchant'),
    code: Code,
    name: Type.String(),
    zone: nullable(Type.String()),
    state: State,
    createdAt: InstantText,
  },
  { title: 'Store' },
);

export function showStore(store: Store): Type.Static<typeof StoreShown> {
  return {
    merchantId: showId('merchant', store.merchant),
    code: store.code,
    name: store.name,
    zone: store.zone,
    state: store.state,
    createdAt: showInstant(store.createdAt),
  };
}
