// Registering passkeys from an invitation, in a real Chromium with a virtual authenticator.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { settled, stage, violations, visit, type Stage } from '../support/browser.ts'
import { press, write } from '../support/keyboard.ts'

let s: Stage
before(async () => {
  s = await stage()
})
after(() => s.close())

// Reached as sign.HOST, a page may use the passkeys of HOST and of sign.HOST: one visit makes both.
const enrolAt = async (token: string, authenticator: Record<string, unknown>) => {
  const v = await visit(s, {})
  const cdp = await v.context.newCDPSession(v.page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...authenticator } as never })
  const at = `http://sign.arcadia.localhost:${new URL(s.dev.url).port}`
  const sent: string[] = []
  v.page.on('request', (r) => sent.push(r.url()))
  await v.page.goto(`${at}/enrol#${token}`)
  await settled(v.page)
  return { ...v, cdp, authenticatorId, at, sent, credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials }
}

test('E1 Anybody: makes both passkeys of an invitation in one visit, by keyboard, and reads their code', async () => {
  const v = await enrolAt('i-2', {})
  const { page } = v
  assert.deepEqual(await violations(page), [])
  await write(page, page.getByLabel('Name of this device'), 'Blue key')
  await press(page, page.getByRole('button', { name: 'Make the passkeys' }))
  await page.getByText('Your passkeys are registered').waitFor()
  await page.getByText('QK7M-2ZPA-XL4C').waitFor()
  assert.deepEqual(await violations(page), [])
  const made = await v.credentials()
  assert.deepEqual(made.map((c) => c.rpId).sort(), ['arcadia.localhost', 'sign.arcadia.localhost'])
  assert.ok(made.every((c) => c.isResidentCredential))
  const i = s.dev.world.invitations.find((x) => x.id === 'i-2')!
  assert.equal(i.state, 'key-registered')
  assert.ok(v.sent.every((url) => url.startsWith(v.at) && !url.replace(`${v.at}/enrol#i-2`, '').includes('i-2')), 'the token stands in no address')
  assert.deepEqual(v.trouble, [])
  // The link has served.
  await page.reload()
  await settled(page)
  assert.equal(await page.getByRole('button', { name: 'Make the passkeys' }).count(), 0)
  await v.context.close()
})

test('E2 Anybody: without a person before it the device makes no passkey; when the second fails, the first is kept', async () => {
  s.dev.world.invitations.find((x) => x.id === 'i-2')!.state = 'invited'
  const v = await enrolAt('i-2', { isUserVerified: false })
  const { page, cdp, authenticatorId } = v
  const button = (name: string) => page.getByRole('button', { name })
  await press(page, button('Make the passkeys'))
  await page.getByText('The passkey did not sign').waitFor()
  assert.equal((await v.credentials()).length, 0)
  assert.deepEqual(await violations(page), [])
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  // The person gives up at the second.
  await page.evaluate(() => {
    const create = navigator.credentials.create.bind(navigator.credentials)
    let asked = 0
    navigator.credentials.create = (options) => (++asked === 2 ? Promise.reject(new DOMException('given up', 'NotAllowedError')) : create(options))
  })
  await press(page, button('Make the passkeys'))
  await page.getByText('1 of 2 passkeys made').waitFor()
  await page.getByText('The passkey did not sign').waitFor()
  assert.equal((await v.credentials()).length, 1)
  await press(page, button('Go on with the second'))
  await page.getByText('Your passkeys are registered').waitFor()
  assert.equal((await v.credentials()).length, 2)
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})
