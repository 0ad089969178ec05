import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';
import { useProgramme } from './programme.tsx';
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
const MERCHANTS_MAX = 2_000;

async function readMerchants(): Promise<ReadonlyMap<string, string>> {
  const { items } = await hongmi.pages('listMerchants', {}).first(MERCHANTS_MAX);
  return new Map(items.map(({ id, name }) => [id, name]));
}

/** The merchants of the programme that is looked at, to choose from; undefined until they are known, none where they may not be. */
export function useMerchantChoices(): readonly MerchantChoice[] | undefined {
  const mayRead = useMay()('merchants:read');
  const programme = useProgramme()?.code;
  const { data } = useQuery({
    queryKey: ['merchant-names', programme],
    queryFn: () => hongmi.pages('listMerchants', { programme }).first(MERCHANTS_MAX),
    select: ({ items }) => items.map(({ id, name }) => ({ value: id, label: name })),
    staleTime: LONG_MS,
    enabled: mayRead && programme !== undefined,
  });
  return mayRead ? data : NOBODY;
}
const NOBODY: readonly MerchantChoice[] = [];
export interface MerchantChoice {
  readonly value: string;
  readonly label: string;
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

/** The name of a member; null: there is none, undefined: not known yet, or not for this person to know. */
export function useMemberName(id: string): string | null | undefined {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['member', id, 'name'],
    queryFn: async ({ signal }) => (await hongmi.getMember({ id }, { signal })).name ?? null,
    staleTime: LONG_MS,
    enabled: may('members:read'),
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
