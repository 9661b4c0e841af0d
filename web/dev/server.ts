// The development server: the built pages under the policy that the node sends, and the contract
// answered in memory. With the cookie `payload` every free text of an answer carries a payload, to
// show that nothing that comes from elsewhere ever runs.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join, normalize, resolve } from 'node:path'
import { answers, operations, Refused, type Asked } from './api.ts'
import { people, readPack, World } from './world.ts'

export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
const headers = {
  'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin', 'Cache-Control': 'no-store',
}
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.json': 'application/json' }

export const payloads = [
  '<script>globalThis.ran=1</script>', '"><img src=x onerror=globalThis.ran=1>', "';globalThis.ran=1;//", '<svg onload=globalThis.ran=1>', 'javascript:globalThis.ran=1', '{{constructor.constructor("globalThis.ran=1")()}}',
  '</title><iframe srcdoc="<script>parent.ran=1</script>">', '\u202eright-to-left\u202c', '<a href="javascript:globalThis.ran=1">x</a>', '${globalThis.ran=1}', '=cmd|\'/c calc\'!A1', '<style>*{display:none}</style>', '<math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.ran=1>',
]
// What holds free text; words of the contract (small letters only), ids, dates, digests and codes of the contract are left as they are.
const free = /^(name|label|title|text|value|because|mend|why|reason|sentence|facts|detail|remedy|cause|problem|purpose|account|by|authority|channel|source|rule|under|reference|person|what|legal_basis|court|address|legal_aid|oversight|without|note|evidence|conduct|nexus|en|fr|ar|.*_name)$/

function poison(value: any, key = '', count = { n: 0 }): any {
  if (typeof value === 'string') return free.test(key) && !/^[a-z0-9_-]+$/.test(value) ? `${value} ${payloads[count.n++ % payloads.length]}` : value
  if (Array.isArray(value)) return value.map((v) => poison(v, key === 'authorities' ? 'name' : '', count))
  if (value && typeof value === 'object') {
    if (value.$schema || value.relations) return value
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poison(v, k === 'form' || k === 'act' ? '' : k, count)]))
  }
  return value
}

const compiled = Object.entries(operations).map(([id, [method, pattern]]) => ({ id, method, at: new RegExp(`^${pattern.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }))

async function body(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export interface Dev {
  server: Server
  url: string
  world: World
  /** Answers whose operation is named here are refused as if the node were gone. */
  broken: Set<string>
  close: () => Promise<void>
}

export async function start({ site: folder, law, port = 0 }: { site: string; law: string; port?: number }): Promise<Dev> {
  const site = resolve(folder)
  const pack = readPack(law)
  const world = new World(pack, law)
  const table = answers(world) as Record<string, (asked: Asked) => unknown>
  const sessions = new Map<string, string>()
  const broken = new Set<string>()

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.slice('/api/v1'.length)
    const found = compiled.map((c) => ({ c, m: c.method === request.method ? c.at.exec(path) : null })).find(({ m }) => m)
    const cookies = Object.fromEntries((request.headers.cookie ?? '').split(/;\s*/).map((c) => c.split('=') as [string, string]))
    const send = (status: number, value: unknown, type: string, more: Record<string, string> = {}) => {
      const bytes = Buffer.isBuffer(value) ? value : value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(cookies.payload ? poison(value) : value))
      response.writeHead(status, { ...headers, ...(bytes.length ? { 'Content-Type': type } : {}), ...more }).end(bytes)
    }
    if (!found) return send(404, { type: 'about:blank', title: 'not found', status: 404, code: 'not_found' }, 'application/problem+json')
    const origin = request.headers.origin
    if (request.method !== 'GET' && origin && new URL(origin).host !== request.headers.host) return send(403, { type: 'about:blank', title: 'foreign origin', status: 403, code: 'origin_foreign' }, 'application/problem+json')
    const bytes = await body(request)
    if (broken.has(found.c.id)) return void request.socket.destroy()
    const raw = (request.headers['content-type'] ?? '').startsWith('application/octet-stream')
    const asked: Asked = {
      path: Object.fromEntries(Object.entries(found.m!.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)])) as never, query: Object.fromEntries(url.searchParams), body: raw ? bytes : bytes.length ? JSON.parse(bytes.toString()) : undefined,
      who: people.find((p) => p.person === sessions.get(cookies.session ?? '')), match: request.headers['if-match'], language: request.headers['accept-language'], host: request.headers.host,
    }
    try {
      const value = table[found.c.id]!(asked)
      const more: Record<string, string> = asked.tag ? { ETag: asked.tag } : {}
      if (asked.session !== undefined) {
        const id = Math.random().toString(36).slice(2)
        if (asked.session) sessions.set(id, asked.session)
        more['Set-Cookie'] = `session=${asked.session ? id : ''}; Path=/; HttpOnly; SameSite=Strict${asked.session ? '' : '; Max-Age=0'}`
      }
      send(value === undefined ? 204 : request.method === 'POST' && /create|begin|invite|save|draw|challenge/.test(found.c.id) ? 200 : 200, value, Buffer.isBuffer(value) ? 'application/octet-stream' : 'application/json', more)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      send(error.status, { type: 'about:blank', title: error.message, status: error.status, code: error.code, ...error.more }, 'application/problem+json')
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname.startsWith('/api/v1/')) {
      api(request, response, url).catch((error) => {
        console.error(error)
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title: String(error), status: 500, code: 'fault' }))
      })
      return
    }
    const wanted = join(site, normalize(url.pathname))
    const file = url.pathname.startsWith('/assets/') && wanted.startsWith(site) && existsSync(wanted) ? wanted : join(site, 'index.html')
    if (url.pathname.startsWith('/assets/') && file.endsWith('index.html')) return void response.writeHead(404, headers).end()
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const address = server.address() as { port: number }
  return { server, world, broken, url: `http://localhost:${address.port}`, close: () => new Promise((done) => { server.closeAllConnections(); server.close(() => done()) }) }
}
