import type { Hongmi } from '@hongmi/sdk';
import { Failure, usage } from './failure.ts';

const MEMBER_ID = /^mem_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const EXTERNAL = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):(.{1,200})$/u;

/** A member as typed: `mem_…`, or the system and id it has elsewhere, `online-retail:17850`. */
export type MemberReference =
  | { readonly id: string }
  | { readonly externalSystem: string; readonly externalId: string };

export function readReference(text: string): MemberReference | undefined {
  if (MEMBER_ID.test(text)) return { id: text };
  const [, externalSystem, externalId] = EXTERNAL.exec(text) ?? [];
  if (externalSystem === undefined || externalId === undefined) return undefined;
  return { externalSystem, externalId };
}

/** The id of the member that was typed. */
export async function memberId(hongmi: Hongmi, text: string): Promise<string> {
  const reference = readReference(text);
  if (reference === undefined) throw usage('member_bad', { value: text });
  if ('id' in reference) return reference.id;
  const { items } = await hongmi.findMembers(reference);
  const id = items[0]?.id;
  if (id === undefined) throw new Failure('member_missing', { value: text });
  return id;
}
