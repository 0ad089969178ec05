import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Check, Default, Errors } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import type { Known } from '../catalogue/known.ts';
import { problemsOfTerms } from '../catalogue/problems.ts';
import { problemsOfPromotion } from '../catalogue/promotion-problems.ts';
import { readPromotion } from '../catalogue/promotion-schema.ts';
import { readTerms } from '../catalogue/terms-schema.ts';
import { localDate } from '../kernel/calendar.ts';
import { showId } from '../kernel/id.ts';
import { readBody } from '../rules/body-schema.ts';
import { compileRules, type RuleBook } from '../rules/compile.ts';
import { problemsOfBody } from '../rules/problems.ts';
import { rate } from '../rules/rate.ts';
import type { Award } from '../rules/rating.ts';
import type { RuleVersion } from '../rules/rule.ts';
import {
  awardsOf,
  line,
  OTHER_SHOP,
  order,
  SHANGHAI,
  SHOP,
  version,
} from '../rules/testing/told.ts';
import { problemOfScheme } from '../tiers/scheme.ts';
import { NewTierScheme } from '../tiers/tier-schema.ts';
import { type Pack, PackForm } from './testing/pack-form.ts';

const folder = new URL('../../../packs/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const NAMES = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'pack.schema.json')
  .map((file) => file.replace('.json', ''));

/** What stands for the id of the merchant that the pack is applied to. */
const readPack = (name: string): Pack =>
  JSON.parse(
    read(`${name}.json`).replaceAll('"$merchant"', JSON.stringify(showId('merchant', SHOP))),
  );

type Occasion = Pack['examples'][number]['occasions'][number];

test('packs/pack.schema.json says the form of a pack', async () => {
  await expect(`${JSON.stringify(PackForm, null, 2)}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('pack.schema.json', folder)),
  );
});

test.each(['README.md', 'README.zh-CN.md'])(
  'packs/%s names every pack and nothing else',
  (file) => {
    const named = [...read(file).matchAll(/\]\(([a-z0-9-]+)\.json\)/g)].map((match) => match[1]);
    expect(named.toSorted()).toEqual(NAMES.toSorted());
  },
);

test('a point type is the same in every pack that has it', () => {
  const known = new Map<string, unknown>();
  for (const { pointTypes = [] } of NAMES.map(readPack))
    for (const pointType of pointTypes) {
      expect(pointType).toEqual(known.get(pointType.code) ?? pointType);
      known.set(pointType.code, pointType);
    }
});

describe.each(NAMES)('packs/%s.json', (name) => {
  const pack = readPack(name);

  test('has the form of a pack, and its own name', () => {
    expect(Check(PackForm, pack) ? [] : [...Errors(PackForm, pack)]).toEqual([]);
    expect(pack.name).toBe(name);
    const { rules, rewards, promotions = [], stores, pointTypes = [] } = pack;
    for (const codes of [rules, rewards, promotions, stores, pointTypes]) {
      expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
    }
  });

  test('would be saved as it is', () => {
    const pointTypes = new Set(['points', ...(pack.pointTypes ?? []).map(({ code }) => code)]);
    for (const { of, body } of pack.rules) {
      const known = {
        merchant: of === 'operator' ? null : SHOP,
        pointTypes,
        stores: new Set(pack.stores.map(({ code }) => code)),
        merchants: new Set([SHOP]),
        budgets: new Map<never, string>(),
        // Those that it asks for are the pack's own.
        tiers: new Set(pack.tiers?.tiers.map(({ code }) => code)),
      };
      expect(problemsOfBody(readBody(body), known)).toEqual([]);
      // The segments that it asks for are the pack's own, too.
      const segments = pack.segments?.map(({ code }) => code) ?? [];
      expect(segments).toEqual(expect.arrayContaining(body.when.member?.segments ?? []));
    }
    if (pack.tiers === undefined) return;
    expect(problemOfScheme(pack.tiers)).toBeNull();
    // They say what the API would fill in, so that applying them again finds them as they are.
    expect(Default(NewTierScheme, structuredClone(pack.tiers))).toEqual(pack.tiers);
  });

  test('its rewards and promotions would be saved as they are', () => {
    const stores = new Set(pack.stores.map(({ code }) => code));
    const known: Known = {
      merchant: SHOP,
      // What is not the merchant's own would be that of the programme, which may have none.
      tiers: new Set(pack.tiers?.tiers.map(({ code }) => code)),
      pointTypes: new Set(['points', ...(pack.pointTypes ?? []).map(({ code }) => code)]),
      stores: new Map([[SHOP, stores]]),
      funds: new Set(),
      rewards: new Set(),
    };
    const bothLanguages = { zh: expect.any(String), en: expect.any(String) };
    for (const { body } of pack.rewards) {
      expect(problemsOfTerms(readTerms(body), known)).toEqual([]);
      expect(body.name).toEqual(bothLanguages);
    }
    const codes = pack.rewards.map(({ code }) => code);
    for (const { rewards = [], body } of pack.promotions ?? []) {
      expect(problemsOfPromotion(readPromotion(body), known)).toEqual([]);
      expect(body.name).toEqual(bothLanguages);
      expect(codes).toEqual(expect.arrayContaining(rewards));
    }
  });

  const versions = pack.rules.map(({ code, of, body }) =>
    version(readBody(body), { code, merchant: of === 'operator' ? null : SHOP }),
  );
  const book = compileRules(versions);

  test.each(pack.examples.map((example) => [example.says.en, example] as const))(
    '%s',
    (_, { occasions, total }) => {
      const used = new Map<string, number>();
      const sums: Record<string, number> = {};
      for (const { times = 1, gives, ...occasion } of occasions) {
        for (let time = 0; time < times; time++) {
          const given = giveOut(book, versions, pack, occasion, used);
          expect(given).toEqual(gives);
          for (const { pointType = 'points', points } of given)
            sums[pointType] = (sums[pointType] ?? 0) + points;
        }
      }
      expect(sums).toEqual(total);
    },
  );

  test('has an example of every rule', () => {
    const shown = pack.examples.flatMap(({ occasions }) =>
      occasions.flatMap(({ gives }) => gives.map(({ rule }) => rule)),
    );
    expect(shown).toEqual(expect.arrayContaining(pack.rules.map(({ code }) => code)));
  });
});

/** What an occasion gives, after the caps that earlier ones of the example used up. */
function giveOut(
  book: RuleBook,
  versions: readonly RuleVersion[],
  { merchant }: Pack,
  told: Omit<Occasion, 'gives' | 'times'>,
  used: Map<string, number>,
): Occasion['gives'] {
  const { elsewhere, lines = [], member, at = '2027-06-01T12:00:00+08:00', ...others } = told;
  const { joinedAt, ...facts } = member ?? {};
  const occasion = order(
    lines.map(({ amountFen, ...rest }, index) => line(amountFen, { ...rest, lineNo: index + 1 })),
    {
      ...others,
      at: Date.parse(at),
      merchant: elsewhere === true ? OTHER_SHOP : SHOP,
      merchantCategory: elsewhere === true ? 'other' : merchant.category,
      ratio: merchant.earnRatio,
      // As `POST /rules/examine` takes who is not told.
      member: { earlierOrders: 0, ...facts, joinedAt: Date.parse(joinedAt ?? at) },
    },
  );
  return awardsOf(rate(book, occasion)).flatMap((award) => {
    const points = leftOf(award, used);
    if (points === 0) return [];
    const { pointType, expiresAt, funders } = award;
    const rule = versions.find(({ id }) => id === award.version);
    return [
      {
        rule: rule?.code ?? null,
        points,
        ...(pointType === 'points' ? {} : { pointType }),
        ...(typeof expiresAt === 'number' ? { lastDay: localDate(expiresAt - 1, SHANGHAI) } : {}),
        ...(funders?.length === 1 && funders[0]?.merchant === SHOP
          ? { funder: 'merchant' as const }
          : {}),
      },
    ];
  });
}

/** What the counters of an award leave of it, as the ledger would. */
function leftOf({ points, limits }: Award, used: Map<string, number>): number {
  let left = points;
  for (const limit of limits) {
    if ('budget' in limit) throw new Error('a pack knows no budgets');
    const room = limit.max - (used.get(limit.counter) ?? 0);
    left = 'unit' in limit ? (room > 0 ? left : 0) : Math.min(left, room);
  }
  if (left === 0) return 0;
  for (const limit of limits) {
    if (!('counter' in limit)) continue;
    const taken = 'unit' in limit ? 1 : left;
    used.set(limit.counter, (used.get(limit.counter) ?? 0) + taken);
  }
  return left;
}
