// What sticks out of a page sideways, or out of its own box where it must not.
import type { Page } from 'playwright-core'

export const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const out: string[] = []
    if (document.documentElement.scrollWidth > width + 1) {
      const wide = [...document.querySelectorAll<HTMLElement>('main *')].filter((e) => !e.closest('.table-box, .picture-box') && (e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1))
      out.push(`the page is ${document.documentElement.scrollWidth} wide: ${wide.slice(-2).map((e) => `${e.tagName}.${e.className} ${e.textContent?.slice(0, 30)}`).join(' / ')}`)
    }
    for (const e of document.querySelectorAll<HTMLElement>('button, .button, .tag, .tabs a, .nav a, label, h1, h2, h3, legend, dt')) {
      const r = e.getBoundingClientRect()
      if (!r.width || e.closest('.table-box, .picture-box, .visually-hidden') || e.classList.contains('visually-hidden') || e.classList.contains('skip')) continue
      if (r.right > width + 1 || r.left < -1) out.push(`${e.tagName} ${e.className} ${e.textContent?.slice(0, 40)}`)
      if (e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline') out.push(`cut: ${e.tagName} ${e.className} ${e.textContent?.slice(0, 40)}`)
    }
    return out.slice(0, 5)
  })
