import { expect, test } from 'vitest';
import { ROOT_KEY } from '../running-server.ts';
import { openPhone, settlePhone } from './phone.ts';
import { openStage } from './stage.ts';

const MEMBER = '+99900000007';

const stage = openStage();

test('each record and lot has the name and the decimals of its own programme, whichever is looked at', async () => {
  const programme = 'stars';
  const pointTypes = [{ code: 'points', name: '星币', scale: 2 }];
  await ask('/programmes', { code: programme, name: '星光', sandbox: true, pointTypes });
  const shop = { name: '星光书店', category: 'shop', earnRatio: { points: 1, perFen: 100 } };
  const { id: merchantId } = await ask('/merchants', { ...shop, programme });
  const { items } = await ask(`/members?phone=${encodeURIComponent(MEMBER)}`);
  const [{ id: memberId }] = items as [{ id: string }];
  await ask(`/members/${memberId}/memberships`, { programme });
  const issue = { kind: 'issue', memberId, merchantId, pointType: 'points' };
  await ask('/transactions', { ...issue, points: 12_345 });
  await stage.asMember(MEMBER, {}, async ({ page, expectAccessible, shot }) => {
    const programmes = { demo: '红米好物', stars: '星光' };
    for (const [code, name] of Object.entries(programmes)) {
      await openPhone(page, '/me');
      await page.evaluate(
        (chosen) => localStorage.setItem('hongmi.programme-of-member', chosen),
        code,
      );
      await openPhone(page, '/records');
      const row = page.locator('main li', { hasText: '星光书店' });
      expect(await row.textContent(), name).toContain('+123.45星币');
      const other = page.locator('main li', { hasNotText: '星光书店' }).nth(1);
      expect(await other.textContent(), name).not.toContain('星币');
      await openPhone(page, '/points?view=lots');
      const lot = page.locator('main li', { hasText: '星光书店' });
      expect(await lot.textContent(), name).toContain('123.45星币');
      await lot.getByRole('link').click();
      await settlePhone(page);
      await page.getByRole('heading', { name: '星币' }).waitFor();
      await expectAccessible();
    }
    await shot('two-programmes');
  });
});

let asked = 0;
async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  asked += 1;
  const answer = await fetch(`${stage.demo.url}/v1${path}`, {
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': `two-${asked}`,
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  expect(answer.ok, JSON.stringify(told)).toBe(true);
  return told;
}
