import type { components } from '@hongmi/sdk';
import type { Language } from '../messages.ts';
import type { Explanation } from './sights.ts';
import type { Town, TownWishes } from './town.ts';

type Schemas = components['schemas'];

/** A text in both languages. */
export type Both = Readonly<Record<Language, string>>;

/** One number (points, unless its name says otherwise) or word that must come out exactly. */
export interface Figure {
  readonly name: Both;
  readonly expected: number | string;
  /** What the API says. */
  readonly found: number | string;
}

/** What a member reads about one event. */
export interface Reason {
  readonly about: Both;
  readonly explanation: Explanation;
  /** Of a return: what it did to the lot it took from. */
  readonly trail?: Schemas['LotTrail'];
}

/** The stage a scenario is played on: a server, in simulated time. */
interface Stage {
  /** A programme of its own, with a clock that can be moved, and with a merchant for each pack. */
  town(wishes: TownWishes): Promise<Town>;
  /** Differs from play to play: for what must be unique on the whole platform. */
  readonly run: string;
  /** Then: what must have come out, and what has. */
  figure(name: Both, expected: number | string, found: number | string): void;
  /** Then: what the member is told of it. */
  reason(reason: Reason): void;
}

/** A worked example of a trade: its steps go through the API, its figures must come out exactly. */
export interface Scenario {
  /** `S2` */
  readonly id: string;
  readonly title: Both;
  /** Given and when, in a sentence or two. */
  readonly story: Both;
  /** What stands in for what is not there yet, what is left out, and where a figure comes from. */
  readonly note: Both;
  play(stage: Stage): Promise<void>;
}

export interface Played {
  readonly figures: readonly Figure[];
  readonly reasons: readonly Reason[];
}

export const isMet = ({ expected, found }: Figure): boolean => expected === found;

/** Money in fen: `yuan(198, 99)` is ¥198.99. */
export function yuan(whole: number, fen = 0): number {
  return whole * 100 + fen;
}
