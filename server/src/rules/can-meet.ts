import type { Uuid } from '../kernel/id.ts';
import type { RuleVersion } from './rule.ts';

type Placed = Pick<RuleVersion, 'merchant' | 'body'>;

/** Undefined: all of the programme. */
const merchantsOf = ({ merchant, body }: Placed): readonly Uuid[] | undefined =>
  merchant === null ? body.when.merchants : [merchant];

/** Whether two rules can ever give points for the same thing. */
export function canMeet(one: Placed, other: Placed): boolean {
  if (one.body.on !== other.body.on) return false;
  const [ours, theirs] = [merchantsOf(one), merchantsOf(other)];
  return (
    ours === undefined || theirs === undefined || ours.some((merchant) => theirs.includes(merchant))
  );
}
