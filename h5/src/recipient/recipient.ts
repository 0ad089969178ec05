import type { components } from '@hongmi/sdk';

type Told = Extract<
  NonNullable<components['schemas']['NewRedemption']['particulars']>,
  { kind: 'delivery' }
>;
/** To whom and where something is sent, as far as it is filled in: `region` has two digits, four, or all six. */
export type Recipient = Omit<Told, 'kind'>;
export const NOBODY: Recipient = { name: '', phone: '', region: '', address: '' };

export const NAME_MAX = 100;
export const ADDRESS_MAX = 300;
const PHONE = /^\+?[0-9][0-9 -]{3,24}$/;

/** Whether somebody can be sent something. */
export function isWhole({ name, phone, region, address }: Recipient): boolean {
  return (
    name.trim() !== '' &&
    PHONE.test(phone.trim()) &&
    /^\d{6}$/.test(region) &&
    address.trim() !== ''
  );
}

/** As the API is told. */
export const trimmed = ({ name, phone, region, address }: Recipient): Recipient => ({
  ...{ name: name.trim(), phone: phone.trim(), region, address: address.trim() },
});
