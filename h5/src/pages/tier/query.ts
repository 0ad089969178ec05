import { hongmi, ME } from '../../app/api.ts';

/** The member's tier of a programme, asked for once for all pages that speak of it. */
export const tierQuery = (programme: string) => ({
  queryKey: ['tier', programme],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    hongmi.getMemberTier({ ...ME, programme }, { signal }),
});
