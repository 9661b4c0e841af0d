// The extraordinary mechanism: straight to the provider, while the receiving country clears it and a
// third country opposes.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { press } from '../support/keyboard.ts'
import { authorise, fromWorklist, opened, perform, request } from './deeds.ts'
import { away, example, patience, signedIn, until, type World } from './world.ts'

export function extraordinary(w: () => World): void {
  test('X1 X2 O5 K8 K9 V7 Extraordinary: provider and both countries have it at once, the one that was away when it is back; one clears, the other opposes within its window, and nothing is produced', { timeout: 15 * patience }, async () => {
    const reference = 'PA-XR-2026-00003'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const id = await request(ada, { procedure: 'extraordinary', third: 'cordia-authority' }, { ...example('extraordinary-request', { account: 'shore.loss', address: '203.0.113.80' }), file_number: reference }, 'mechanism', ['listed_crime', 'mla_too_slow', 'loss', 'own_interest', 'third_countries'])
    // The third country is named to who asks, from the facts of the case.
    await ada.go(`/cases/${id}?tab=findings`)
    await ada.page.locator('.banner', { hasText: 'Cordia' }).first().waitFor()
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await fromWorklist(carmen, reference, 'Authorise')
    await authorise(carmen, id, { name: 'extraordinary-authorise' })
    await carmen.leave()
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    const back = await away(w(), 'cordia-authority')
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
    await henrik.go('/authority')
    await henrik.page.getByText('Extraordinary mechanism: cases against the ceiling').first().waitFor()
    assert.match(await henrik.page.locator('main').innerText(), /\b[1-9]\d* of at most 20/)
    // Who does not answer is named with the cause, and what waits for it is listed.
    const cordia = henrik.page.locator('tr', { hasText: 'Cordia' })
    await until(henrik, '/authority/partners', async () => (await cordia.filter({ hasText: 'unreachable' }).count()) === 1, 'Cordia to be missed')
    assert.match(await cordia.innerText(), /refused|reach|connect/i)
    await henrik.look('a partner that does not answer')
    await press(henrik.page, cordia.getByRole('button', { name: 'Test Cordia' }))
    await henrik.page.getByRole('dialog').locator('.banner-bad').waitFor()
    await press(henrik.page, henrik.page.getByRole('dialog').getByRole('button', { name: 'Close' }))
    await press(henrik.page, cordia.locator('a[href="/authority/outbox"]'))
    await henrik.page.waitForURL(/\/outbox$/)
    const waiting = henrik.page.locator('tbody tr', { hasText: 'Cordia' })
    await waiting.first().waitFor()
    await back()
    await press(henrik.page, waiting.first().getByRole('button'))
    await until(henrik, '/authority/outbox', async () => (await waiting.count()) === 0, 'what waited to go')
    await until(henrik, '/authority/partners', async () => (await cordia.filter({ hasText: /reachable/ }).filter({ hasNotText: 'unreachable' }).count()) === 1, 'Cordia to be back')
    await henrik.leave()

    const dina = await signedIn(w(), 'nimbus', 'nimbus-officer')
    await opened(dina, id)
    await dina.page.getByText('may order this once another country has been told').waitFor()
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0, 'nothing is produced before both countries agree')
    await dina.look('the extraordinary case at the provider')

    const ivo = await signedIn(w(), 'borealis', 'borealis-clerk')
    await perform(ivo, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
    await perform(ivo, id, 'clear', { reasons: 'The measure would be possible in a case at home, and touches one account.' }, 'the clearance')
    await until(ivo, `/cases/${id}`, async (page) => (await page.getByText('cleared').count()) > 0, 'the clearance, taken by the keeper')
    await ivo.leave()
    await until(dina, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('cleared', { exact: false }).count()) > 0, 'the clearance at the provider')
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0, 'Cordia has not spoken yet')

    const lea = await signedIn(w(), 'cordia', 'cordia-clerk')
    await until(lea, '/work', async (page) => (await page.locator('a.case-link').count()) > 0, 'the case at Cordia')
    await lea.look('worklist of Cordia')
    await opened(lea, id, 'act/oppose-third')
    assert.match(await lea.page.locator('.owed > li', { hasText: 'Third country clears' }).innerText(), /in 3 days/, 'the window of 96 hours')
    assert.equal(await lea.page.locator('.timeline > li', { hasText: 'transmitted' }).count(), 1, 'what waited came once')
    await perform(lea, id, 'oppose-third', example('refuse'), 'the opposition')
    await until(lea, `/cases/${id}`, async (page) => (await page.getByText('opposed').count()) > 0, 'the opposition, taken by the keeper')
    await lea.look('the case, opposed')
    await lea.leave()

    await until(dina, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('opposed', { exact: false }).count()) > 0, 'the opposition at the provider')
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0)
    await dina.go(`/cases/${id}/produce`)
    await dina.page.getByText('This act is not possible now').waitFor()
    await dina.leave()
    await until(ada, `/cases/${id}?tab=procedure`, async (page) => (await page.locator('main').getByText('Oppose', { exact: false }).count()) > 0, 'the procedure as a picture')
    await ada.look('the procedure that was stopped')
    await ada.go(`/cases/${id}?tab=evidence`)
    await ada.page.getByText('Nothing has been produced').waitFor()
    await ada.leave()
  })
}
