/** Where "later" comes from: the machine's event loop, or a simulation that has one of its own. */
export interface Turns {
  /** Calls back in the next turn, after everything that happens in this one. */
  next(call: () => void): void;
  /** Calls back when `ms` milliseconds have passed. */
  after(ms: number, call: () => void): void;
}

export const machineTurns: Turns = {
  next: (call) => void setImmediate(call),
  after: (ms, call) => void setTimeout(call, ms),
};
