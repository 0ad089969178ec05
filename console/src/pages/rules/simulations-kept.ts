// The API lists no simulations: whoever started one here finds it again here, also in another tab or after days.
const keyOf = (ruleId: string): string => `hongmi.simulation.${ruleId}`;

/** The simulation that was last looked at for a rule. */
export function keptSimulation(ruleId: string): string | undefined {
  try {
    return localStorage.getItem(keyOf(ruleId)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepSimulation(ruleId: string, id: string): void {
  try {
    localStorage.setItem(keyOf(ruleId), id);
  } catch {
    // Nothing can be kept here: its id stands in the address.
  }
}

export function forgetSimulation(ruleId: string): void {
  try {
    localStorage.removeItem(keyOf(ruleId));
  } catch {
    // Nothing was kept.
  }
}
