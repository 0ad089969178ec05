import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import type { Refused } from '../queue/entry.ts';

/** Why something could not be booked, in the language of the page. */
export function WhyNot({ why }: { readonly why: Refused }) {
  return <Notice tone="bad" title={useRefusalWords(why)} />;
}
