// Calls of the node's interface, typed from the contract. A refusal is thrown as one, with its
// problem details; no page ever shows a bare status code.
import { operations, type Operations, type Problem } from '../../api/types.ts'
import { language } from './i18n.ts'

export type * from '../../api/types.ts'

type Id = keyof Operations
type Part<P, Name extends string> = keyof P extends never ? { [N in Name]?: undefined } : { [N in Name]: P }
type Body<B> = B extends undefined ? { body?: undefined } : { body: B }
export type Input<K extends Id> = Part<Operations[K]['path'], 'path'> & { query?: Operations[K]['query'] } & Body<Operations[K]['body']> & {
    match?: string
    signal?: AbortSignal
    /** Sent even when the page is being left. */
    keepalive?: boolean
  }
type Args<K extends Id> = {} extends Input<K> ? [input?: Input<K>] : [input: Input<K>]

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
  }
}

/** The code of an answer to somebody who is not signed in, or not any more. */
export const signedOut = 'http_401'
let ended = (): void => {}
/** What happens when a page is asked for and the session is over. What was being signed or saved stays on its page. */
export function whenSessionEnds(run: () => void): void {
  ended = run
}

// When the node last answered this person, in whichever window: what is left of an idle session. What
// anybody may ask is no use of it.
let heard = Date.now()
export const lastHeard = (): number => heard
let windows: BroadcastChannel | null = null
export function hearTogether(): void {
  windows = new BroadcastChannel('heard')
  windows.onmessage = ({ data }) => void (heard = Math.max(heard, Number(data) || 0))
}
function hear(): void {
  const before = heard
  heard = Date.now()
  if (heard - before > 10_000) windows?.postMessage(heard)
}

const unreachable: Problem = { type: 'about:blank', title: 'unreachable', status: 0, code: 'unreachable' }

async function send(id: Id, input: any = {}): Promise<Response> {
  const [method, pattern, who] = operations[id]
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.path[name]))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined && value !== '') query.set(name, String(value))
  const headers: Record<string, string> = { 'Accept-Language': language() === 'xx' ? 'en' : language() }
  let body: BodyInit | undefined
  if (input.body instanceof Blob) {
    body = input.body
    headers['Content-Type'] = 'application/octet-stream'
  } else if (input.body !== undefined) {
    body = JSON.stringify(input.body)
    headers['Content-Type'] = 'application/json'
  }
  if (input.match) headers['If-Match'] = input.match
  let response: Response
  try {
    response = await fetch(`/api/v1${path}${query.size ? `?${query}` : ''}`, {
      method, headers, body, signal: input.signal, keepalive: input.keepalive, credentials: 'same-origin', redirect: 'error',
    })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new Refusal(unreachable)
  }
  if (response.status !== 401 && (who === 'person' || id === 'signIn')) hear()
  if (!response.ok) {
    const fallback: Problem = { ...unreachable, title: response.statusText, status: response.status, code: `http_${response.status}` }
    const problem: Problem = await response.json().then((p) => ({ ...fallback, ...p }), () => fallback)
    if (problem.code === signedOut && method === 'GET' && id !== 'getSession') ended()
    throw new Refusal(problem)
  }
  return response
}

async function read(response: Response): Promise<any> {
  if (response.status === 204) return undefined
  const type = response.headers.get('Content-Type') ?? ''
  return type.startsWith('application/json') ? response.json() : response.blob()
}

export async function call<K extends Id>(id: K, ...[input]: Args<K>): Promise<Operations[K]['answer']> {
  return read(await send(id, input))
}

/** The answer with its ETag, for what is changed later. */
export async function callTagged<K extends Id>(id: K, ...[input]: Args<K>): Promise<{ answer: Operations[K]['answer']; tag: string }> {
  const response = await send(id, input)
  return { tag: response.headers.get('ETag') ?? '', answer: await read(response) }
}

/** Hands a file to the browser under a name. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
