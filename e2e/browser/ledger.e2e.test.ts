import { typeId } from '@hongmi/sdk/verify';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';
import { TWO_LOOKS } from './visit.ts';

const stage = openStage();

/** Something in the database, past the server. */
async function ask<T>(text: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: await findRunning(stage.demo.dataDir) });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as T[];
  } finally {
    await client.end();
  }
}

/** A block of some transactions, one of which made a lot. */
async function someBlock(): Promise<{ shard: number; number: string }> {
  const [block] = await ask<{ shard: number; number: string }>(
    `select b.shard, b.number from ledger.block b where b.entries > 2 and b.number > 2
      and b.number < (select max(o.number) from ledger.block o where o.shard = b.shard) - 2
      order by cardinality(b.transactions) desc, b.shard limit 1`,
  );
  if (block === undefined) throw new Error('the demo has no such block');
  return block;
}

async function countBlocks(): Promise<number> {
  const [counted] = await ask<{ blocks: string }>('select sum(block) as blocks from ledger.head');
  return Number(counted?.blocks);
}

async function finish(page: Page): Promise<void> {
  await page.locator('main .ant-alert-success, main .ant-alert-error').first().waitFor();
  await settle(page);
}

test.each(TWO_LOOKS)(
  'a regulator looks through the ledger, and computes it again: $language, $theme',
  async (eyes) => {
    const { shard, number } = await someBlock();
    await stage.as('regulator', eyes, async ({ page, shot, expectAccessible }) => {
      for (const [path, name] of [
        ['/ledger', 'ledger'],
        [`/ledger/shards/${shard}`, 'ledger-shard'],
        [`/ledger/shards/${shard}/${number}`, 'ledger-block'],
        ['/ledger/seals', 'ledger-seals'],
        ['/ledger/seals/1', 'ledger-seal'],
        ['/ledger/findings', 'ledger-findings'],
      ] as const) {
        await open(page, path);
        if (name === 'ledger-block')
          await page.locator('.ant-table-row-expand-icon').first().click();
        await settle(page);
        await shot(name);
        await expectAccessible();
      }
      // The key is compared, and remembered.
      await open(page, '/ledger/verify');
      await page.getByRole('button', { name: /^(与公开的一致|It is the published one)/ }).click();
      const before = await countBlocks();
      await page.getByRole('button', { name: /^(开始核验|Start)$/ }).click();
      // It goes on while something else is looked at.
      await page.getByRole('link', { name: /^(封印|Seals)$/ }).click();
      await page.getByRole('link', { name: /^(核验|Verify)$/ }).click();
      await page.getByText(/^(全部相符|Everything is sound)$/).waitFor();
      await settle(page);
      const shown = await page.locator('.hm-figure dd').first().textContent();
      const blocks = Number(shown?.replaceAll(',', ''));
      // The ledger goes on meanwhile: at midnight points end.
      expect(blocks).toBeGreaterThanOrEqual(before);
      expect(blocks).toBeLessThanOrEqual(await countBlocks());
      await shot('ledger-verified');
      await expectAccessible();
      // A reload keeps what was found.
      await page.reload();
      await page.getByText(/^(全部相符|Everything is sound)$/).waitFor();
    });
  },
);

test('a transaction is proven step by step, and a receipt held against it', async () => {
  const [found] = await ask<{ id: string; shard: number; block: string; position: number }>(
    `select id, shard, block, position from ledger.transaction where kind = 2 and refusal is null
      order by shard, block limit 1`,
  );
  if (found === undefined) throw new Error('the demo has no such transaction');
  await stage.as('regulator', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, `/ledger/shards/${found.shard}/${found.block}`);
    await page.locator('.ant-table-row-expand-icon').nth(found.position).click();
    const id = await page
      .getByText(/^txn_[0-9a-z]{26}$/)
      .first()
      .textContent();
    const hash = await page.locator('main .hm-facts .hm-code').first().textContent();
    await open(page, '/ledger/look-up');
    const receipt = {
      shard: found.shard,
      block: Number(found.block),
      position: found.position,
      hash,
    };
    const box = page.getByLabel(/Id of the transaction/);
    await box.fill(JSON.stringify({ transaction: { id }, receipt }));
    await page.getByRole('button', { name: 'Find and prove' }).click();
    await page.getByText('The proof holds').waitFor();
    await page.getByText('The receipt that you pasted says what the chain says').waitFor();
    await settle(page);
    await shot('ledger-proof');
    await expectAccessible();
    await box.fill(
      JSON.stringify({ transaction: { id }, receipt: { ...receipt, hash: '00'.repeat(32) } }),
    );
    await page.getByRole('button', { name: 'Find and prove' }).click();
    await page.getByText('The receipt that you pasted says something else').waitFor();
    await box.fill('nothing of the kind');
    await page.getByRole('button', { name: 'Find and prove' }).click();
    await page.getByText('There is no id of a transaction in it').waitFor();
  });
});

test('what was changed behind the ledger’s back is found in the browser, with what differs', async () => {
  const { shard, number } = await someBlock();
  const [row] = await ask<{ id: string; points: string }>(
    'select id, points from ledger.transaction where shard = $1 and block = $2 and position = 0',
    [shard, number],
  );
  const set = (points: number): Promise<unknown> =>
    ask('update ledger.transaction set points = $2 where id = $1', [row?.id, points]);
  await set(Number(row?.points) + 1);
  try {
    await stage.as('regulator', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
      await open(page, `/ledger/shards/${shard}/${number}`);
      await page.getByText('This block is not what its hash says').waitFor();
      await page.getByText('A transaction does not hash to its hash: it was changed').waitFor();
      await expectAccessible();
      await shot('ledger-block-wrong');
      await open(page, `/ledger/verify?shard=${shard}&from=${number}&upTo=${number}`);
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText('One thing is wrong').waitFor();
      await finish(page);
      await page.getByText('it was changed').waitFor();
      const link = page.getByRole('link', {
        name: new RegExp(`Block ${Number(number).toLocaleString('en')}$`),
      });
      await link.first().waitFor();
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download evidence' }).click();
      expect((await saved).suggestedFilename()).toMatch(/^ledger-verification-.*\.json$/);
      await expectAccessible();
      await shot('ledger-wrong');
      // A key that the server does not have.
      await page.evaluate(() => localStorage.setItem('hongmi.seal-key', '00'.repeat(32)));
      await open(page, '/ledger/seals/1');
      await page.getByText('This seal is not to be trusted').waitFor();
      await open(page, '/ledger/seals');
      await page.getByText('The key you trust is not among those the server has').waitFor();
    });
  } finally {
    await set(Number(row?.points));
  }
});

test('a verification that lost the server is gone on with, also after a reload', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page, permit }) => {
    permit(/ERR_FAILED/);
    await open(page, '/ledger/verify');
    let asked = 0;
    await page.route('**/chain?**', (route) => {
      asked += 1;
      return asked > 2 ? route.abort() : route.continue();
    });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('It did not finish; it can be gone on with').waitFor();
    await page.getByText('The server cannot be reached').first().waitFor();
    // What was done is not done again, not even after a reload.
    const done = await page.locator('.hm-figure dd').first().textContent();
    expect(Number(done?.replaceAll(',', ''))).toBeGreaterThan(0);
    await page.unroute('**/chain?**');
    let again = '';
    await page.route('**/chain?**', async (route) => {
      again ||= route.request().url();
      await route.continue();
    });
    await page.reload();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Everything is sound').waitFor();
    expect(again).not.toMatch(/shards\/0\//);
  });
});

test('what came since a seal is verified by itself', async () => {
  const [earn] = await ask<{ member: string; merchant: string; code: string; shard: number }>(
    `select t.member, t.merchant, p.code, t.shard from ledger.transaction t join point_type p on p.id = t.point_type
      where t.kind = 1 and t.refusal is null order by t.block desc limit 1`,
  );
  if (earn === undefined) throw new Error('nobody earned anything');
  const [{ last } = { last: 0 }] = await ask<{ last: number }>(
    'select max(number)::int as last from ledger.seal',
  );
  await stage.as('operator', { language: 'en' }, async ({ page, context }) => {
    const issued = await context.request.post(`${stage.demo.url}/v1/transactions`, {
      headers: { origin: stage.demo.url, 'idempotency-key': `since-${crypto.randomUUID()}` },
      data: {
        ...{ kind: 'issue', points: 7, pointType: earn.code },
        memberId: typeId('mem', earn.member),
        merchantId: typeId('mer', earn.merchant),
      },
    });
    expect([issued.status(), await issued.text()]).toEqual([201, expect.any(String)]);
    await open(page, `/ledger/verify?since=${last}`);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Everything is sound').waitFor();
    const blocks = await page.locator('.hm-figure dd').first().textContent();
    expect(Number(blocks)).toBeGreaterThan(0);
    const strip = page.getByRole('img', { name: new RegExp(`^Shard ${earn.shard}: [1-9]`) });
    await expect.poll(() => strip.count()).toBe(1);
  });
});

test('what reconciliation found is acknowledged by an operator, and only told to a regulator', async () => {
  const about = 'lot lot_01h455vb4pex5vsknk084sn02q <i>';
  await ask(
    `insert into ledger.finding (shard, block, invariant, about, message, first_seen_at_ms, last_seen_at_ms)
      values (1, 2, 'state', $1, 'remaining is 5 and should be 4', 1, 1)`,
    [about],
  );
  try {
    await stage.as('regulator', { language: 'en' }, async ({ page }) => {
      await open(page, '/ledger/findings');
      await page.getByText(about).waitFor();
      expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    });
    await stage.as('operator', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
      await open(page, '/ledger/findings');
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      await page.getByLabel('What was found out').fill('A test of the page');
      await expectAccessible();
      await shot('ledger-acknowledge');
      await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click();
      await page.getByText('Nothing is amiss').waitFor();
      await page.getByLabel('Only open ones').click();
      await page.getByText('A test of the page').waitFor();
    });
  } finally {
    await ask('delete from ledger.finding where about = $1', [about]);
  }
});

test('numbers that nobody has lead to no page, and roles without the right to an explanation', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page, permit }) => {
    permit(/404|status of 404/);
    for (const path of [
      '/ledger/shards/0/99999999',
      '/ledger/seals/99999999',
      '/ledger/shards/x',
    ]) {
      await open(page, path);
      await page.locator('main .hm-empty').waitFor();
    }
  });
  await stage.as('manager', { language: 'en' }, async ({ page }) => {
    await open(page, '/ledger');
    await page.locator('main .hm-empty').waitFor();
    expect(await page.getByRole('link', { name: 'Ledger' }).count()).toBe(0);
  });
});
