// Addresses of pages: plain paths, filters in the query. Links are real links; a click on one that
// stays in the pages does not load the document again.
import { useEffect, useState } from 'preact/hooks'
import { letGo, unsaved } from './unsaved.ts'

export interface Place {
  path: string
  query: URLSearchParams
}

const listeners = new Set<() => void>()
const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) })

/** The page that is shown; the browser's own address is ahead of it when somebody went back. */
let current = '/'
let ask: ((to: string) => void) | null = null
/** Who is asked before a page is left that holds what is typed and kept nowhere; gives the way to stop. */
export function askBeforeLeaving(run: (to: string) => void): () => void {
  ask = run
  return () => {
    ask = null
  }
}
const loses = (to: string): boolean => ask !== null && unsaved() && new URL(to, location.href).pathname !== new URL(current, location.href).pathname

export function go(to: string, replace = false): void {
  if (!replace && loses(to)) return ask!(to)
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  current = location.pathname + location.search
  listeners.forEach((listener) => listener())
}

/** Leaves, whatever is lost by it. */
export function leave(to: string): void {
  letGo()
  go(to)
}

/** Back and forward have gone before anybody can be asked: the page is put back, and asks. */
function onHistory(): void {
  const to = location.pathname + location.search
  if (loses(to)) {
    history.pushState(null, '', current)
    return ask!(to)
  }
  current = to
  listeners.forEach((listener) => listener())
}

export function usePlace(): Place {
  const [place, set] = useState(here)
  useEffect(() => {
    const listener = () => set(here())
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
  return place
}

/** Follows links inside the pages without loading the document. */
export function followLinks(): void {
  current = location.pathname + location.search
  addEventListener('popstate', onHistory)
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest?.('a[href]') as HTMLAnchorElement | null
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.pathname.startsWith('/api/') || (link.hash && link.pathname === location.pathname)) return
    event.preventDefault()
    go(link.pathname + link.search)
    scrollTo(0, 0)
  })
}

/** Matches `/cases/:case/act/:act`; the answer holds the named parts, or is null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/')
  const have = path.replace(/(.)\/$/, '$1').split('/')
  if (want.length !== have.length) return null
  const out: Record<string, string> = {}
  for (let i = 0; i < want.length; i++) {
    if (want[i]!.startsWith(':')) {
      try {
        out[want[i]!.slice(1)] = decodeURIComponent(have[i]!)
      } catch {
        return null
      }
    } else if (want[i] !== have[i]) return null
  }
  return out
}

/** The address of this page with other filters; an empty value takes a filter away. */
export function withQuery(place: Place, changes: Record<string, string | undefined>): string {
  const query = new URLSearchParams(place.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  return place.path + (query.size ? `?${query}` : '')
}
