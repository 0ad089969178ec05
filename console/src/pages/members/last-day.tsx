import { When } from '../../design/values.tsx';

/** The last day on which points can be spent that are lost at `at`: often midnight, when that day is over. */
export function LastDay({ at }: { readonly at: string }) {
  return <When at={new Date(Date.parse(at) - 1).toISOString()} dayOnly />;
}
