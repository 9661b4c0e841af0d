// Every page, with somebody who may see it.
import type { World } from '../../dev/world.ts'

export interface Shown {
  name: string
  person?: string
  path: string
}

export function everyPage(world: World): Shown[] {
  const id = (reference: string) => [...world.cases.values()].find((c) => c.reference === reference)!.id
  const running = id('PA-CY-2026-00417')
  const done = id('PA-CY-2026-00380')
  const asked = id('PA-CY-2026-00431')
  const hash = (of: string, n: number) => world.cases.get(of)!.acts[n]!.hash
  return [
    { name: 'home', path: '/' },
    { name: 'between', path: '/between?from=FR&to=US&category=content' },
    { name: 'between-gap', path: '/between?from=FR&to=KP' },
    { name: 'map', path: '/map?country=FR' },
    { name: 'doors', path: '/doors' },
    { name: 'transparency', path: '/transparency' },
    { name: 'overdue', path: '/overdue' },
    { name: 'notice', path: '/notice' },
    { name: 'verify', path: `/verify#${hash(running, 1)}` },
    { name: 'verify-none', path: `/verify#${'A'.repeat(43)}` },
    { name: 'sign-in', path: '/sign-in' },
    { name: 'enrol', path: '/enrol#i-2' },
    { name: 'unknown', path: '/no-such-page' },
    { name: 'work', person: 'ada', path: '/work' },
    { name: 'me', person: 'ada', path: '/me' },
    { name: 'drafts', person: 'ada', path: '/drafts' },
    { name: 'draft-new', person: 'ada', path: '/drafts/new' },
    { name: 'draft-basis', person: 'ada', path: '/drafts/d-0001' },
    { name: 'draft-authority', person: 'ada', path: '/drafts/d-0001?step=authority' },
    { name: 'draft-offence', person: 'ada', path: '/drafts/d-0001?step=offence' },
    { name: 'draft-data', person: 'ada', path: '/drafts/d-0001?step=data' },
    { name: 'draft-ties', person: 'ada', path: '/drafts/d-0001?step=ties' },
    { name: 'draft-need', person: 'ada', path: '/drafts/d-0001?step=need' },
    { name: 'draft-principles', person: 'ada', path: '/drafts/d-0001?step=principles' },
    { name: 'draft-safeguards', person: 'ada', path: '/drafts/d-0001?step=safeguards' },
    { name: 'draft-notice', person: 'ada', path: '/drafts/d-0001?step=notice' },
    { name: 'draft-check', person: 'ada', path: '/drafts/d-0001?step=check' },
    { name: 'case', person: 'ada', path: `/cases/${running}` },
    { name: 'case-procedure', person: 'ada', path: `/cases/${running}?tab=procedure` },
    { name: 'case-data', person: 'ada', path: `/cases/${running}?tab=data` },
    { name: 'case-evidence', person: 'ada', path: `/cases/${done}?tab=evidence` },
    { name: 'case-evidence-sent', person: 'dina', path: `/cases/${id('PA-CY-2026-00392')}?tab=evidence` },
    { name: 'case-findings', person: 'ada', path: `/cases/${running}?tab=findings` },
    { name: 'act-read', person: 'ada', path: `/cases/${running}/acts/${hash(running, 1)}` },
    { name: 'act-foreign', person: 'ada', path: `/cases/${running}/acts/${hash(running, 0)}` },
    { name: 'act-perform', person: 'ivo', path: `/cases/${id('NP-2026-1014')}/act/ask` },
    { name: 'act-release', person: 'ivo', path: `/cases/${id('PA-CY-2026-00392')}/act/release` },
    { name: 'act-open', person: 'ada', path: `/cases/${done}/act/open` },
    { name: 'judge', person: 'carmen', path: `/cases/${asked}/judge` },
    { name: 'provider-case', person: 'dina', path: `/cases/${running}` },
    { name: 'produce', person: 'dina', path: `/cases/${running}/produce` },
    { name: 'deferrals', person: 'dina', path: '/deferrals' },
    { name: 'overview', person: 'henrik', path: '/authority' },
    { name: 'partners', person: 'henrik', path: '/authority/partners' },
    { name: 'directory', person: 'henrik', path: '/authority/directory' },
    { name: 'keys', person: 'henrik', path: '/authority/keys' },
    { name: 'key-acts', person: 'henrik', path: `/authority/keys/${'A'.repeat(43)}?of=Henrik` },
    { name: 'outbox', person: 'henrik', path: '/authority/outbox' },
    { name: 'statistics', person: 'henrik', path: '/authority/statistics' },
    { name: 'people', person: 'henrik', path: '/people' },
    { name: 'invite', person: 'henrik', path: '/people/invite' },
    { name: 'oversight', person: 'goran', path: '/oversight' },
    { name: 'question', person: 'goran', path: '/oversight/questions/content' },
    { name: 'compare', person: 'goran', path: '/oversight/compare' },
    { name: 'samples', person: 'goran', path: '/oversight/samples' },
    { name: 'alarms', person: 'goran', path: '/oversight/alarms' },
    { name: 'looks', person: 'goran', path: '/oversight/looks' },
  ]
}
