// What was typed into forms and not sent yet, in this tab.

const keyOf = (draft: string): string => `hongmi.draft.${draft}`;

/** What was typed under a name; null: nothing. */
export function readDraft(draft: string): unknown {
  const kept = sessionStorage.getItem(keyOf(draft));
  return kept === null ? null : JSON.parse(kept);
}

export function keepDraft(draft: string, values: object): void {
  sessionStorage.setItem(keyOf(draft), JSON.stringify(values));
}

/** Forgets what was typed: it was sent. */
export function dropDraft(draft: string): void {
  sessionStorage.removeItem(keyOf(draft));
}
