// The browser's side of passkeys. In a practice world, and only where the node says it is one, a
// software authenticator of the node answers for a chosen person.
import { call, type Assertion, type Attestation, type CreationOptions, type KeyToMake, type PasskeyRequest } from './api.ts'
import { fromBase64url, toBase64url } from './bytes.ts'

const practised = (): string | null => sessionStorage.getItem('practice')

export function practise(person: string | null): void {
  if (person) sessionStorage.setItem('practice', person)
  else sessionStorage.removeItem('practice')
}

export class PasskeyFailed extends Error {}

export async function assert(request: PasskeyRequest): Promise<Assertion> {
  const person = practised()
  if (person)
    return call('practiceAssertion', { body: { person, challenge: request.challenge, rp_id: request.rp_id } })
  let credential: PublicKeyCredential | null
  try {
    credential = (await navigator.credentials.get({
      publicKey: {
        challenge: fromBase64url(request.challenge),
        rpId: request.rp_id,
        timeout: request.timeout_ms,
        userVerification: 'required',
        allowCredentials: request.allow.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
      },
    })) as PublicKeyCredential | null
  } catch (error) {
    throw new PasskeyFailed((error as Error).name)
  }
  if (!credential) throw new PasskeyFailed('none')
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    credential: toBase64url(credential.rawId),
    authenticator_data: toBase64url(response.authenticatorData),
    client_data: toBase64url(response.clientDataJSON),
    signature: toBase64url(response.signature),
  }
}

/** One of the two passkeys of an enrolment. */
export async function register(options: CreationOptions, key: KeyToMake): Promise<Attestation> {
  let credential: PublicKeyCredential | null
  try {
    credential = (await navigator.credentials.create({
      publicKey: {
        challenge: fromBase64url(key.challenge),
        rp: { id: key.rp_id, name: options.rp_name },
        user: { id: fromBase64url(options.user), name: options.person, displayName: options.name },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: key.exclude.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
        attestation: 'none',
        timeout: options.timeout_ms,
      },
    })) as PublicKeyCredential | null
  } catch (error) {
    throw new PasskeyFailed((error as Error).name)
  }
  if (!credential) throw new PasskeyFailed('none')
  const response = credential.response as AuthenticatorAttestationResponse
  return { client_data: toBase64url(response.clientDataJSON), attestation_object: toBase64url(response.attestationObject) }
}
