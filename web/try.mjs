import { chromium } from 'playwright-core'
const [origin, person, ...paths] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await (await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } })).newPage()
page.on('console', (m) => console.log('console', m.type(), m.text()))
page.on('response', (r) => { if (r.status() >= 400) console.log(r.status(), r.request().method(), r.url()) })
await page.goto(origin + '/sign-in')
await page.waitForTimeout(1500)
await page.screenshot({ path: '/tmp/shot-signin.png' })
if (person !== '-') {
  await page.locator('li', { hasText: person }).getByRole('button').click()
  await page.waitForTimeout(2500)
}
console.log(page.url())
await page.screenshot({ path: '/tmp/shot-0.png' })
let i = 1
for (const p of paths) {
  await page.goto(origin + p); await page.waitForTimeout(2500); console.log(page.url())
  await page.screenshot({ path: `/tmp/shot-${i++}.png`, fullPage: true })
}
await browser.close()
