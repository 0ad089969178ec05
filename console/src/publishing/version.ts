import { wordsOf } from '@hongmi/ui/language.ts';
import type { Tone } from '../design/tag.tsx';

/** What versions of rules, rewards and promotions have in common, as the API shows them. */
export interface Version<Body> {
  readonly id: string;
  readonly number: number;
  readonly state: VersionState;
  readonly body: Body;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly publishedAt: string | null;
  readonly publishedBy: string | null;
  readonly noticeDays: number | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly retired: boolean;
  readonly comparison: {
    readonly verdict: 'better_or_equal' | 'worse';
    readonly reasons: readonly {
      readonly path: string;
      readonly reason: string;
      readonly againstVersionId: string | null;
    }[];
    /** Of rules: how it is known to be no worse, where its form leaves doubts. */
    readonly provenBy?: 'form' | 'simulation' | null;
  } | null;
}

export type VersionState = 'draft' | 'announced' | 'in_force' | 'ended' | 'withdrawn';

/** A rule, reward or promotion with its versions that matter now. */
export interface Published<Body> {
  readonly id: string;
  readonly code: string;
  readonly programme: string;
  readonly merchantId: string | null;
  readonly draft: Version<Body> | null;
  readonly current: Version<Body> | null;
  readonly announced: readonly Version<Body>[];
}

/** Days as the API writes them, `2026-03-01`; without one of them it is open there. */
export interface Days {
  readonly from?: string;
  readonly to?: string;
}

/** How what is in force stands to the days that it is for: all of them are over, or still to come. */
export type Season = 'over' | 'ahead';

export function seasonOf(days: readonly Days[] | undefined, today: string): Season | undefined {
  if (days === undefined || days.length === 0) return undefined;
  if (days.every(({ to }) => to !== undefined && to < today)) return 'over';
  return days.every(({ from }) => from !== undefined && from > today) ? 'ahead' : undefined;
}

export const versionWords = wordsOf({
  zh: {
    draft: '草稿',
    announced: '已公告',
    in_force: '生效中',
    ended: '已结束',
    withdrawn: '已撤回',
    over: '日期已过',
    ahead: '将开始',
  },
  en: {
    draft: 'draft',
    announced: 'announced',
    in_force: 'in force',
    ended: 'ended',
    withdrawn: 'withdrawn',
    over: 'over',
    ahead: 'to come',
  },
});

export const VERSION_TONES: Readonly<Record<VersionState | Season, Tone>> = {
  draft: 'info',
  announced: 'warn',
  in_force: 'good',
  ended: 'plain',
  withdrawn: 'plain',
  over: 'plain',
  ahead: 'info',
};

/** The version that tells best what an item is about: what holds, else what will, else what is drafted. */
export function foremost<Body>({
  current,
  announced,
  draft,
}: Published<Body>): Version<Body> | null {
  return current ?? announced[0] ?? draft;
}
