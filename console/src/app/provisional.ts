import { hongmi } from './api.ts';

/** Operations that the API is about to have. Gone as soon as it has them. */
export interface Session {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly merchantId: string | null;
}
interface Actor {
  readonly id: string;
  readonly name: string | null;
}
export const soon = hongmi as unknown as {
  getSession(): Promise<Session>;
  endSession(): Promise<unknown>;
  signIn(asked: { email: string; password: string }): Promise<{ state: string }>;
  listActors(asked: { ids: string }): Promise<{ items: Actor[] }>;
};
