// A fruit shop to try things in: a sandbox, whose points mean nothing and whose clock is set.
import { createClient, type Hongmi } from '@hongmi/sdk';

export interface Shop {
  readonly hongmi: Hongmi;
  readonly programme: string;
  readonly merchantId: string;
  /** Lets it become another time there. */
  become(now: string): Promise<void>;
}

/** Opens it with the key of HONGMI_KEY, which must be an operator's. On 1 June 2027 it is nine o'clock. */
export async function openShop(code: string): Promise<Shop> {
  const { HONGMI_URL: url = 'http://localhost:8080', HONGMI_KEY: key = '' } = process.env;
  const hongmi = createClient({ url, key });
  const programme = `${code}-${Date.now().toString(36)}`;
  await hongmi.createProgramme({
    code: programme,
    name: 'A sandbox',
    sandbox: true,
    now: '2027-06-01T09:00:00+08:00',
  });
  const { id: merchantId } = await hongmi.createMerchant({
    programme,
    name: `Melon King of ${programme}`,
    category: 'fruit',
    earnRatio: { points: 1, perFen: 100 },
  });
  const become = async (now: string) =>
    void (await hongmi.setProgrammeClock({ code: programme, now }));
  return { hongmi, programme, merchantId, become };
}
