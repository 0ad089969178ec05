import { callApi, inParallel } from '../api.ts';
import { STARTING_POINTS, type Stage } from '../stage.ts';

const MERCHANTS = 50;
const ITEMS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 6;

/** A programme with these point types, of which every member has many, once its merchants are `ready`; they are the answer. */
export async function openProgramme(
  { ledger, members }: Stage,
  code: string,
  policies: Readonly<Record<string, object>>,
  ready: (merchants: readonly string[]) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const pointTypes = Object.entries(policies).map(([type, expiryPolicy]) => ({
    ...{ code: type, name: type, expiryPolicy },
  }));
  await callApi(ledger, '/v1/programmes', { code, name: code, pointTypes }, `programme-${code}`);
  const numbers = Array.from({ length: MERCHANTS }, (_, number) => number);
  const merchants = await inParallel(REQUESTS_AT_ONCE, numbers, async (number) => {
    const body = { name: `${code} ${number}`, category: 'bench', programme: code };
    const shop = { ...body, earnRatio: { points: 1, perFen: 100 } };
    return (await callApi<{ id: string }>(ledger, '/v1/merchants', shop, `${code}-${number}`)).id;
  });
  await ready(merchants);
  for (const pointType of Object.keys(policies)) {
    const groups = Array.from(
      { length: Math.ceil(members.length / ITEMS_PER_REQUEST) },
      (_, group) => group,
    );
    await inParallel(REQUESTS_AT_ONCE, groups, async (group) => {
      const some = members.slice(group * ITEMS_PER_REQUEST, (group + 1) * ITEMS_PER_REQUEST);
      const transactions = some.map((memberId, index) => ({
        ...{ kind: 'issue', memberId, merchantId: merchants[index % MERCHANTS], pointType },
        points: STARTING_POINTS,
      }));
      const answer = await callApi<{ results: { status: string }[] }>(
        ledger,
        '/v1/transactions/bulk',
        { transactions },
        `${code}-${pointType}-${group}`,
      );
      if (answer.results.some((each) => each.status !== 'applied'))
        throw new Error('the starting points were not applied');
    });
  }
  return merchants;
}
