import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';
import { useMay } from './session.ts';

const LONG_MS = 5 * 60_000;

/** Names of merchants by id, of all that the person reaches; what is not known yet, or not theirs to know, is absent. */
export function useMerchantNames(): ReadonlyMap<string, string> {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['merchant-names'],
    queryFn: readMerchants,
    staleTime: LONG_MS,
    enabled: may('merchants:read'),
  });
  return data ?? NONE;
}
const NONE: ReadonlyMap<string, string> = new Map();
/** More merchants than a programme has; beyond it ids are shown. */
const PAGES_MAX = 20;

async function readMerchants(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await hongmi.listMerchants({ limit: 100, ...(cursor && { cursor }) });
    for (const { id, name } of found.items) names.set(id, name);
    if (found.nextCursor === null) break;
    cursor = found.nextCursor;
  }
  return names;
}

// Ids that are asked for within one turn of a page are one request.
let waiting = new Map<string, ((actor: Actor | null) => void)[]>();

export interface Actor {
  readonly kind: string;
  readonly name: string | null;
}

/** Who did something; null: not theirs to know. */
export function useActor(id: string): Actor | null | undefined {
  const { data } = useQuery({
    queryKey: ['actor', id],
    queryFn: () => askActor(id),
    staleTime: LONG_MS,
  });
  return data;
}

const ACTORS_MAX = 100;

function askActor(id: string): Promise<Actor | null> {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) setTimeout(() => void sendActors().catch(reject));
    waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
  });
}

async function sendActors(): Promise<void> {
  const asked = waiting;
  waiting = new Map();
  const ids = [...asked.keys()];
  for (let at = 0; at < ids.length; at += ACTORS_MAX) {
    const { items } = await hongmi.listActors({ ids: ids.slice(at, at + ACTORS_MAX).join(',') });
    const found = new Map<string, Actor>(items.map((each) => [each.id, each]));
    for (const id of ids.slice(at, at + ACTORS_MAX))
      for (const resolve of asked.get(id) ?? []) resolve(found.get(id) ?? null);
  }
}
