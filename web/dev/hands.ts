// In whose hands cases are, as the development server answers: the same shapes, no checks of roles.
import type * as Api from '../api/types.ts'
import { digest, now, offices, people, type Who } from './world.ts'

const name = (person: string): Api.PersonName => ({ person, name: people.find((p) => p.person === person)?.name ?? person })
const house = (who: Who): string => offices[who.office]!.participant

interface Change { at: string; from?: string; to?: string; by: string; statement: string }

export class Hands {
  private held = new Map<string, { person: string; house: string }>()
  private history = new Map<string, Change[]>()
  private standIns: (Api.StandIn & { house: string })[] = []
  private signed: (Api.HandStatement & { house: string })[] = []

  personOf(id: string, who: Who): string | undefined {
    const held = this.held.get(`${house(who)} ${id}`)
    return held?.person
  }

  of(id: string, who: Who): Api.ItemHands | undefined {
    const person = this.personOf(id, who)
    if (!person) return undefined
    const covers = this.standIns.filter((s) => s.absent.person === person && s.from <= now && now < s.until && (!s.cases.length || s.cases.includes(id)))
    const found = covers.find((s) => s.person.person === who.person) ?? covers.at(-1)
    return { ...name(person), mine: person === who.person || found?.person.person === who.person, ...(found ? { stand_in: found.person, until: found.until } : {}) }
  }

  matches(id: string, who: Who, asked?: string): boolean {
    const of = this.of(id, who)
    return !asked || (asked === 'nobody' ? !of : asked === 'mine' ? !!of?.mine : of?.person === asked)
  }

  caseworkers(who: Who): Api.Caseworker[] {
    return people.filter((p) => house(p) === house(who) && p.roles.some((r) => r !== 'administrator')).map((p) => ({ ...name(p.person), office: p.office, office_name: offices[p.office]!.name, roles: p.roles.filter((r) => r !== 'administrator'), cases: [...this.held.values()].filter((h) => h.person === p.person).length }))
  }

  all(who: Who): Api.Hands {
    return {
      caseloads: this.caseworkers(who).filter((p) => p.cases > 0).map(({ person, name, cases }) => ({ person, name, cases })),
      nobody: 0, stand_ins: this.standIns.filter((s) => s.house === house(who) && s.until > now).map(({ house: _, ...s }) => s),
    }
  }

  prepare(wish: Api.HandsWish, who: Who, passkey: (challenge: string) => Api.PasskeyRequest): Api.PreparedHands {
    const by = new Map<string, string[]>()
    const cases = wish.all_of ? [...this.held].filter(([, h]) => h.person === wish.all_of).map(([key]) => key.split(' ')[1]!) : wish.cases ?? []
    if (wish.deed === 'hand-over')
      for (const id of cases) {
        const from = this.personOf(id, who) ?? ''
        by.set(from, [...(by.get(from) ?? []), id])
      }
    const moves = [...by].map(([from, list]) => ({ from, cases: list }))
    const deed = { ...wish, cases: wish.cases ?? [], moves, to: wish.to ?? '' }
    const statement = Buffer.from(JSON.stringify({ by: who.person, what: deed })).toString('base64url')
    const people = Object.fromEntries((['absent', 'person'] as const).flatMap((k) => (wish[k] ? [[k, name(wish[k]!)]] : [])))
    return { statement, left: 0, passkey: passkey(digest(statement)), what: { deed: wish.deed, by: name(who.person), at: now, ...(wish.deed === 'hand-over' ? { moves: moves.map((m) => ({ ...(m.from ? { from: name(m.from) } : {}), cases: m.cases })), ...(wish.to ? { to: name(wish.to) } : {}) } : {}), ...people, ...(wish.from ? { from: wish.from } : {}), ...(wish.until ? { until: wish.until, cases: wish.cases ?? [] } : {}), ...(wish.statement ? { ends: wish.statement } : {}) } }
  }

  sign(body: Api.SignedHands, who: Who): Api.HandStatement {
    const { what } = JSON.parse(Buffer.from(body.statement, 'base64url').toString()) as { what: Api.HandsWish & { moves: { from: string; cases: string[] }[] } }
    const { what: shown } = this.prepare(what, who, () => ({ challenge: '', rp_id: '', allow: [], timeout_ms: 0 }))
    const hash = digest(body.statement)
    if (what.deed === 'hand-over')
      for (const move of what.moves)
        for (const id of move.cases) {
          const key = `${house(who)} ${id}`
          this.history.set(key, [{ at: now, ...(move.from ? { from: move.from } : {}), ...(what.to ? { to: what.to } : {}), by: who.person, statement: hash }, ...(this.history.get(key) ?? [])])
          if (what.to) this.held.set(key, { person: what.to, house: house(who) })
          else this.held.delete(key)
        }
    else if (what.deed === 'stand-in') this.standIns.push({ statement: hash, absent: name(what.absent!), person: name(what.person!), from: what.from! < now ? now : what.from!, until: what.until!, cases: what.cases ?? [], house: house(who) })
    else this.standIns = this.standIns.filter((s) => s.statement !== what.statement)
    const kept: Api.HandStatement = { hash, what: shown.deed === 'hand-over' ? { ...shown, moves: what.moves.map((m) => ({ ...(m.from ? { from: name(m.from) } : {}), cases: m.cases })) } : shown, statement: body.statement, entry: digest(`roll ${who.person}`), assertion: body.assertion, verified: true }
    this.signed.unshift({ ...kept, house: house(who) })
    return kept
  }

  statements(who: Who): Api.HandStatement[] {
    return this.signed.filter((s) => s.house === house(who)).map(({ house: _, ...s }) => s)
  }

  ofCase(id: string, who: Who): Api.CaseHands {
    const person = this.personOf(id, who)
    return {
      ...(person ? { hands: name(person) } : {}),
      stand_ins: this.standIns.filter((s) => s.absent.person === person && (!s.cases.length || s.cases.includes(id))).map(({ house: _, ...s }) => s),
      history: (this.history.get(`${house(who)} ${id}`) ?? []).map((c) => ({ at: c.at, ...(c.from ? { from: name(c.from) } : {}), ...(c.to ? { to: name(c.to) } : {}), by: name(c.by), statement: c.statement, verified: true })),
    }
  }

  /** For pictures: some of the house's cases in its people's hands. */
  give(id: string, person: string, by: string): void {
    const who = people.find((p) => p.person === by)!
    const prepared = this.prepare({ deed: 'hand-over', to: person, cases: [id] }, who, () => ({ challenge: '', rp_id: '', allow: [], timeout_ms: 0 }))
    this.sign({ statement: prepared.statement, assertion: { credential: 'AA', authenticator_data: 'AA', client_data: 'AA', signature: 'AA' } }, who)
  }
}
