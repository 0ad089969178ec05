import Type from 'typebox';
import { ITEM_STATES } from './published.ts';

/** The state of an item, in queries. */
export const ItemStateName = Type.Enum([...ITEM_STATES], {
  description:
    'Of which something is in force, announced, or drafted by the caller; `ended`: nothing is any more. One item may be in several.',
});
