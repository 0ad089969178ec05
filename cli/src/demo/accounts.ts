import type { components, Hongmi } from '@hongmi/sdk';
import { merchantsOf } from './set-up.ts';

/** An account of the demo. Its password is no secret: the demo's accounts open nothing but the demo. */
export interface DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly role: components['schemas']['Role'];
  readonly password: string;
  /** mer_…, of who works at a merchant. */
  readonly merchantId?: string;
}

const DEMO_PASSWORD = 'hongmi-demo-2026';
/** Where the merchant's people work. */
const PACK = 'convenience-store';

const PEOPLE: readonly (Omit<DemoAccount, 'email' | 'password'> & { readonly local: string })[] = [
  { local: 'operator', name: '林岚', role: 'operator' },
  { local: 'operator2', name: '周砚', role: 'operator' },
  { local: 'finance', name: '陈默', role: 'finance' },
  { local: 'manager', name: '王小满', role: 'merchant_manager' },
  { local: 'cashier', name: '李青', role: 'merchant_cashier' },
  { local: 'merchant-finance', name: '赵账', role: 'merchant_finance' },
  { local: 'regulator', name: '何监', role: 'regulator' },
  { local: 'assessor', name: '许评', role: 'assessor' },
  { local: 'system', name: '孙系', role: 'system_admin' },
  { local: 'security', name: '钱安', role: 'security_admin' },
  { local: 'audit', name: '吴审', role: 'audit_admin' },
];

/** Everybody who signs in to the demo: one person of each role, and a second operator for what takes two. */
export async function accountsOf(hongmi: Hongmi): Promise<DemoAccount[]> {
  const merchantId = (await merchantsOf(hongmi)).get(PACK);
  return PEOPLE.flatMap(({ local, name, role }) => {
    const account = { name, email: `${local}@demo.hongmi.example`, role, password: DEMO_PASSWORD };
    if (!role.startsWith('merchant_')) return [account];
    // Whoever removed the merchant from a demo goes without its people.
    return merchantId === undefined ? [] : [{ ...account, merchantId }];
  });
}
