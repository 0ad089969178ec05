import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { hongmi } from '../../app/api.ts';

/** Whether this browser makes passkeys: over plain http from another machine none does. */
export function hasPasskeys(): boolean {
  return browserSupportsWebAuthn();
}

/** Signs in by a passkey, which the browser asks its owner for. */
export async function signWithPasskey() {
  const { options } = await hongmi.passkeySignInOptions();
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const response = await startAuthentication({ optionsJSON });
  return await hongmi.signInByPasskey({ response: { ...response } });
}

/** Makes a passkey of whoever is signed in. */
export async function makePasskey(name: string) {
  const { options } = await hongmi.newPasskeyOptions();
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const response = await startRegistration({ optionsJSON });
  return await hongmi.addPasskey({ name, response: { ...response } });
}
