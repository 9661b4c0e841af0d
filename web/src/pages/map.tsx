// The map of instruments and gaps. Countries are points with names, on land without borders: the
// map takes no side on any of them. The tables beside it say the same.
import { geoInterpolate, geoNaturalEarth1, geoPath } from 'd3-geo'
import { useMemo, useState } from 'preact/hooks'
import { feature } from 'topojson-client'
import land from 'world-atlas/land-110m.json'
import { call, type Countries, type Links } from '../lib/api.ts'
import { apart, country, number, t } from '../lib/i18n.ts'
import { go, withQuery } from '../lib/route.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import places from '../data/places.json'
import { Country, Empty, Loaded, More, PageHead, Panel, ProblemBanner, Section, Select, Table, Tag } from '../ui/kit.tsx'
import { text, useVocabulary } from '../ui/names.tsx'

const width = 960
const height = 470
const projection = geoNaturalEarth1().fitExtent([[4, 4], [width - 4, height - 4]], { type: 'Sphere' })
const shape = geoPath(projection)
const world = shape(feature(land as never, (land as any).objects.land) as never) ?? ''
const at = places as unknown as Record<string, [number, number]>

/** A great circle between two points, so that no line takes the long way round. */
function arc(a: [number, number], b: [number, number]): string {
  const between = geoInterpolate(a, b)
  return shape({ type: 'LineString', coordinates: Array.from({ length: 17 }, (_, i) => between(i / 16)) }) ?? ''
}

function WorldMap({ countries, chosen, links, choose }: { countries: Countries; chosen: string; links?: Links; choose: (code: string) => void }) {
  const bound = new Map(links?.with.map((l) => [l.country, l.instruments.length]))
  const lines = useMemo(() => (chosen && at[chosen] && links ? links.with.filter((l) => at[l.country]).map((l) => ({ to: l.country, n: l.instruments.length, d: arc(at[chosen]!, at[l.country]!) })) : []), [chosen, links])
  return (
    <svg class="map" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={chosen ? t('map.picture.of', { country: country(chosen), n: bound.size }) : t('map.picture')}>
      <path class="map-land" d={world} />
      {lines.map((line) => <path key={line.to} class="map-line" d={line.d} />)}
      {/* The chosen one is drawn last, so that nothing lies over its name. */}
      {countries.items.filter((c) => at[c.code]).sort((a, b) => Number(a.code === chosen) - Number(b.code === chosen)).map((c) => {
        const [x, y] = projection(at[c.code]!) ?? [0, 0]
        const state = c.code === chosen ? 'chosen' : chosen ? (bound.has(c.code) ? 'bound' : 'gap') : c.participates ? 'bound' : 'plain'
        const size = state === 'chosen' ? 6 : state === 'gap' ? 2.6 : 3.6
        return (
          <g key={c.code} class={`place place-${state}`} onClick={() => choose(c.code)}>
            <title>{country(c.code)}</title>
            {state === 'gap' ? <path d={`M${x - size} ${y - size}L${x + size} ${y + size}M${x + size} ${y - size}L${x - size} ${y + size}`} /> : <circle cx={x} cy={y} r={size} />}
            {state === 'chosen' && <text x={x} y={y - 10} text-anchor="middle">{country(c.code)}</text>}
          </g>
        )
      })}
    </svg>
  )
}

export function MapPage({ place }: PageProps) {
  const countries = useLoad(() => call('listCountries'), [])
  const vocabulary = useVocabulary()
  const chosen = place.query.get('country') ?? ''
  const links = useLoad((signal) => (chosen ? call('getLinks', { signal, path: { country: chosen } }) : Promise.resolve(undefined)), [chosen])
  const gaps = useLoad((signal) => call('listGaps', { signal, query: { country: chosen || undefined, order: 'demand', limit: 50 } }), [chosen])
  const [later, setLater] = useState<{ key: string; items: NonNullable<typeof gaps.data>['items']; next?: string } | null>(null)
  const more = useAction(async () => {
    const current = later?.key === chosen ? later : null
    const page = await call('listGaps', { query: { country: chosen || undefined, order: 'demand', limit: 50, after: current ? current.next : gaps.data?.next } })
    setLater({ key: chosen, items: [...(current?.items ?? []), ...page.items], next: page.next })
  })
  const choose = (code: string) => go(withQuery(place, { country: code }), true)
  const name = (id: string) => text(vocabulary.data?.instruments.find((i) => i.id === id)?.title) || id
  const mine = later?.key === chosen ? later : null
  return (
    <>
      <PageHead title={t('map.title')} lead={t('map.lead')} />
      <Loaded of={countries}>
        {(all) => (
          <>
            <div class="filters panel">
              <Select inline label={t('map.country')} value={chosen} onChange={choose} options={[['', t('map.none')], ...all.items.map((c): [string, string] => [c.code, country(c.code)]).sort((a, b) => a[1].localeCompare(b[1]))]} />
            </div>
            <div class="panel map-panel">
              <WorldMap countries={all} chosen={chosen} links={links.data} choose={choose} />
              <ul class="legend small">
                {chosen ? <><li><Tag tone="info" icon="dot">{t('map.bound')}</Tag></li><li><Tag icon="cross">{t('map.gap')}</Tag></li></> : <><li><Tag tone="info" icon="dot">{t('map.participates')}</Tag></li><li><Tag icon="dot">{t('map.other')}</Tag></li></>}
                <li class="muted">{t('map.no-borders')}</li>
              </ul>
            </div>
          </>
        )}
      </Loaded>
      {chosen && (
        <Section title={t('map.bound-to', { country: country(chosen) })}>
          <Loaded of={links}>
            {(of) => !of || of.with.length === 0 ? <Empty title={t('map.no-bound')} /> : (
              <Table cards caption={t('map.bound-to', { country: country(chosen) })} hideCaption tight head={[t('country'), t('between.instruments'), <span class="visually-hidden">{t('map.how')}</span>]}>
                {[...of.with].sort((a, b) => country(a.country).localeCompare(country(b.country))).map((l) => (
                  <tr key={l.country}><th scope="row"><Country code={l.country} /></th><td class="cell-wide">{apart(l.instruments.map(name))}</td><td class="nowrap"><a href={`/between?from=${chosen}&to=${l.country}`}>{t('map.how')}<span class="visually-hidden"> {country(l.country)}</span></a></td></tr>
                ))}
              </Table>
            )}
          </Loaded>
        </Section>
      )}
      <Section title={chosen ? t('map.gaps-of', { country: country(chosen) }) : t('map.gaps')} aside={gaps.data && <span class="count">{number(gaps.data.total)}</span>}>
        <Panel><p>{t('map.gaps.text')}</p></Panel>
        <Loaded of={gaps}>
          {(page) => page.items.length === 0 ? <Empty title={t('map.no-gaps')} /> : (
            <>
              <Table cards caption={t('map.gaps')} hideCaption tight head={[t('map.pair'), <span class="num">{t('map.demand')}</span>, t('map.nearest')]}>
                {[...page.items, ...(mine?.items ?? [])].map((g) => (
                  <tr key={g.a + g.b}><th scope="row"><a href={`/between?from=${g.a}&to=${g.b}`}><Country code={g.a} /> – <Country code={g.b} /></a></th><td class="num">{g.demand !== undefined ? <>{number(g.demand)}{g.period && <p class="small muted"><bdi>{g.period}</bdi></p>}</> : <span class="muted">{t('unknown')}</span>}</td><td><bdi>{g.nearest ?? '–'}</bdi></td></tr>
                ))}
              </Table>
              {more.problem && <ProblemBanner of={more.problem} />}
              <More next={mine ? mine.next : page.next} onMore={() => more.start()} busy={more.busy} />
            </>
          )}
        </Loaded>
      </Section>
    </>
  )
}
