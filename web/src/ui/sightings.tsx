// Who at a provider was shown a case: beside the case for all who have it, and over all cases for the
// administrators of the provider, who alone have the names.
import { useState } from 'preact/hooks'
import { call, type Sighting } from '../lib/api.ts'
import { t } from '../lib/i18n.ts'
import { useAction, useLoad } from '../lib/use.ts'
import { Button, Loaded, ProblemBanner, Section, Table, When } from './kit.tsx'
import { roleName } from './names.tsx'

const role = (of: Sighting): string => (of.role ? roleName(of.role) : t('sightings.no-role'))

/** A list that goes on at a button. */
function useMore(page: (after?: string) => Promise<{ items: Sighting[]; next?: string }>, key: unknown[]) {
  const first = useLoad(() => page(), key)
  const [more, setMore] = useState<{ items: Sighting[]; next?: string } | null>(null)
  const next = more ? more.next : first.data?.next
  const on = useAction(async () => {
    const got = await page(next)
    setMore({ items: [...(more?.items ?? []), ...got.items], ...(got.next ? { next: got.next } : {}) })
  })
  const button = (
    <>
      {on.problem && <ProblemBanner of={on.problem} />}
      {next && <Button small busy={on.busy} onClick={() => on.start()}>{t('sightings.earlier')}</Button>}
    </>
  )
  return { first, rest: more?.items ?? [], button }
}

/** Beside a case. Nothing where nobody looked, or nothing is told. */
export function CaseSightings({ id }: { id: string }) {
  const { first, rest, button } = useMore((after) => call('listSightings', { path: { case: id }, query: { limit: 10, after } }), [id])
  return (
    <Loaded of={first} quiet>
      {({ items }) => items.length === 0 ? null : (
        <section class="panel" aria-labelledby="case-sightings">
          <h2 id="case-sightings" class="panel-title">{t('sightings.title')}</h2>
          <ul class="plain-list small">
            {[...items, ...rest].map((one, i) => (
              <li key={i}>
                <bdi>{t('sightings.line', { where: one.participant_name, who: role(one) })}</bdi>{' '}
                {one.person && <><strong><bdi>{one.person.name}</bdi></strong>{' '}</>}
                <span class="muted"><bdi>{one.office_name}</bdi> · <When at={one.at} /></span>
              </li>
            ))}
          </ul>
          {button}
        </section>
      )}
    </Loaded>
  )
}

/** For administrators of a provider: who of the house opened what. */
export function OwnSightings() {
  const { first, rest, button } = useMore((after) => call('listOwnSightings', { query: { limit: 50, after } }), [])
  return (
    <Section title={t('sightings.own')}>
      <p class="muted">{t('sightings.own.lead')}</p>
      <Loaded of={first}>
        {({ items }) => items.length === 0 ? <p class="muted">{t('sightings.none')}</p> : (
          <Table cards caption={t('sightings.own')} hideCaption head={[t('people.name'), t('sightings.role'), t('work.case'), t('sightings.first'), t('sightings.last')]}>
            {[...items, ...rest].map((one, i) => (
              <tr key={i}>
                <th scope="row"><bdi>{one.person?.name}</bdi></th>
                <td>{role(one)}</td>
                <td><a href={`/cases/${encodeURIComponent(one.case!)}`}><bdi>{one.reference}</bdi></a></td>
                <td class="cell-wide"><When at={one.at} /></td>
                <td class="cell-wide">{one.last && <When at={one.last} />}</td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {button}
    </Section>
  )
}
