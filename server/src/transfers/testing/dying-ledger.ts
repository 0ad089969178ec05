import { type Ledger, LedgerUnavailable } from '../../ledger/ledger.ts';

/** A ledger that fails at the n-th call: before it is made, or `after` it was done and before the answer. */
export function dyingLedger(ledger: Ledger, at: number, after: boolean): Ledger {
  let calls = 0;
  const passing = async <A>(submit: () => Promise<A>): Promise<A> => {
    calls += 1;
    if (calls === at && !after) throw new LedgerUnavailable();
    const answer = await submit();
    if (calls === at) throw new LedgerUnavailable();
    return answer;
  };
  return {
    ...ledger,
    submit: (command) => passing(() => ledger.submit(command)),
    submitAll: (commands) => passing(() => ledger.submitAll(commands)),
  };
}
