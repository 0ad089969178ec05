/** What came of what was sent, counted; `refused` by what it was and why. */
export interface Tally {
  note(what: string, status: string, problem?: { readonly code: string }): void;
  readonly counts: Record<string, number>;
  readonly refused: Record<string, number>;
}

export function createTally(): Tally {
  const counts: Record<string, number> = {};
  const refused: Record<string, number> = {};
  return {
    counts,
    refused,
    note(what, status, problem) {
      if (status !== 'refused') counts[what] = (counts[what] ?? 0) + 1;
      else {
        const why = `${what} ${problem?.code ?? 'unknown'}`;
        refused[why] = (refused[why] ?? 0) + 1;
      }
    },
  };
}
