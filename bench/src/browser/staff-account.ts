import { callApi } from '../api.ts';
import type { LedgerServer } from '../processes/server.ts';

const PASSWORD = 'correct horse battery staple 42';

/** What signs a browser in: `POST /v1/sign-in` takes it as it is. */
export interface StaffAccount {
  readonly email: string;
  readonly password: string;
}

/** Makes an account, and accepts its invitation. Of a merchant's roles `merchantId` says whose. */
export async function openAccount(
  ledger: LedgerServer,
  url: string,
  asked: { readonly role: string; readonly merchantId?: string },
): Promise<StaffAccount> {
  const email = `${asked.role}@bench.hongmi.example`;
  const { invitation } = await callApi<{ invitation: { token: string } }>(
    ledger,
    '/v1/staff',
    { email, name: asked.role, ...asked },
    `bench-staff-${asked.role}`,
  );
  const accepted = await fetch(`${url}/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token: invitation.token, password: PASSWORD }),
  });
  if (!accepted.ok) throw new Error(`invitation: ${accepted.status} ${await accepted.text()}`);
  return { email, password: PASSWORD };
}
