import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { claimOf, showPercent } from './claim.ts';
import { UNMET_CODES } from './eligibility.ts';
import { RewardTermsSchema } from './terms-schema.ts';

const points = (count: string) => [{ pointType: 'points', points: Number(count.replace(',', '')) }];

test.each(['rewards.md', 'rewards.zh-CN.md'])('docs/%s says what is so', (name) => {
  const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
  const rows = [
    ...text.matchAll(/^\| .+ \| ([\d,]+) → ([\d,]+) \| ([\d.]+) % \| ([\d.]+) % \|$/gm),
  ];
  expect(rows).toHaveLength(3);
  for (const [, old = '', now = '', discount, uplift] of rows) {
    const claim = claimOf(points(old), points(now));
    expect([claim && showPercent(claim.discount), claim && showPercent(claim.uplift)]).toEqual([
      discount,
      uplift,
    ]);
  }
  for (const code of UNMET_CODES) expect(text).toContain(`\`${code}\``);
  for (const field of Object.keys(RewardTermsSchema.properties))
    expect(text).toContain(`\`${field}\``);
  // The example says what must be said, and nothing else.
  const example = JSON.parse(/-d '(\{"code": "gift-box"[^']+)'/.exec(text)?.[1] ?? '{}');
  expect(Object.keys(example.body).sort()).toEqual([...RewardTermsSchema.required].sort());
});
