// The extraordinary mechanism: straight to the provider, while the receiving country clears it and a
// third country opposes.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { authorise, fromWorklist, opened, perform, request } from './deeds.ts'
import { example, patience, signedIn, until, type World } from './world.ts'

export function extraordinary(w: () => World): void {
  test('X1 X2 Extraordinary: provider and both countries have it at once; one clears, the other opposes, and nothing is produced', { timeout: 15 * patience }, async () => {
    const reference = 'PA-XR-2026-00003'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const id = await request(ada, { procedure: 'extraordinary', third: 'cordia-authority' }, { ...example('extraordinary-request', { account: 'shore.loss', address: '203.0.113.80' }), file_number: reference }, 'mechanism', ['listed_crime', 'mla_too_slow', 'loss', 'own_interest', 'third_countries'])
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await fromWorklist(carmen, reference, 'Authorise')
    await authorise(carmen, id, { name: 'extraordinary-authorise' })
    await carmen.leave()
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
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
