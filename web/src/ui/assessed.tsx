// Findings and the connection table, as a drafter, a judge and an authority read them. Few countries and
// more factors: a column each country, so that the table keeps inside its panel.
import type { Assessment, Connection, Finding } from '../lib/api.ts'
import { country, date, t } from '../lib/i18n.ts'
import { Source } from './foreign.tsx'
import { Icon } from './icon.tsx'
import { Banner, Country, Details, Outcome, Section, Table, Tag } from './kit.tsx'

const rank = { not_met: 0, needs_a_person: 1, met: 2 }
const factors = ['victim_or_harm', 'conduct', 'data_subject', 'holder', 'data_location', 'nationality']

export function Findings({ of, onField, folded }: { of: Finding[]; onField?: (pointer: string) => void; folded?: boolean }) {
  const sorted = [...of].sort((a, b) => rank[a.outcome] - rank[b.outcome])
  // Beside a form, and before a decision, there is room for what is open; what is met is one line that opens.
  const met = onField || folded ? sorted.filter((f) => f.outcome === 'met') : []
  return (
    <>
      <FindingList of={sorted.filter((f) => !met.includes(f))} onField={onField} />
      {met.length > 0 && <div class="met-ones"><Details summary={<strong>{t('tally.met', { n: met.length })}</strong>}><FindingList of={met} onField={onField} /></Details></div>}
    </>
  )
}

function FindingList({ of, onField }: { of: Finding[]; onField?: (pointer: string) => void }) {
  if (of.length === 0) return null
  return (
    <ul class="findings">
      {of.map((finding) => (
        <li key={finding.test} class={`finding finding-${finding.outcome}`}>
          <Details open={finding.outcome === 'not_met' && !onField} summary={<><Outcome of={finding.outcome} /> <strong><span class="finding-id">{finding.test}</span> {t(`test.${finding.test}`)}</strong></>}>
            <p dir="auto">{finding.because}</p>
            {finding.mend && finding.outcome !== 'met' && <p dir="auto"><strong>{t('finding.mend')}</strong> {finding.mend}</p>}
            <p class="small muted"><Source of={finding.source} /></p>
            {onField && finding.fields?.length ? (
              <p class="row small">{finding.fields.map((pointer) => <button key={pointer} type="button" class="link" onClick={() => onField(pointer)}>{t('finding.go')} <code>{pointer.slice(1).split('/')[0]}</code></button>)}</p>
            ) : null}
          </Details>
        </li>
      ))}
    </ul>
  )
}

export function ConnectionTable({ of }: { of: Connection }) {
  const used = factors.filter((factor) => of.rows.some((row) => row.cells[factor]?.length))
  const tone = { demonstrated: 'good', partial: 'warn', not_shown: 'bad' } as const
  return (
    <div class="stack">
      <Table caption={t('connection.title')} hideCaption cards head={[t('connection.factor'), ...of.rows.map((row) => <Country key={row.country} code={row.country} />)]}>
        <tr class="concluded">
          <th scope="row">{t('connection.conclusion')}</th>
          {of.rows.map((row) => (
            <td key={row.country} class="cell-wide">
              <Tag tone={tone[row.conclusion]} icon={row.conclusion === 'demonstrated' ? 'check' : row.conclusion === 'partial' ? 'person' : 'cross'}>{t(`conclusion.${row.conclusion}`)}</Tag>
              <p class="small" dir="auto">{row.reason}</p>
            </td>
          ))}
        </tr>
        {used.map((factor) => (
          <tr key={factor}>
            <th scope="row">{t(`factor.${factor}`)}</th>
            {of.rows.map((row) => (
              <td key={row.country} class={row.cells[factor]?.length ? 'cell-wide' : 'empty-cell'}>
                {(row.cells[factor] ?? []).map((fact, i) => (
                  <p key={i} class={`fact fact-${fact.standing}`}>
                    <span class="fact-standing"><Icon name={fact.standing === 'documented' ? 'doc' : fact.standing === 'stated' ? 'person' : 'info'} /> {t(`standing.${fact.standing}`)}</span>
                    <span class="small" dir="auto">{fact.text}</span>
                  </p>
                ))}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p dir="auto">{of.sentence}</p>
      {of.concerned.length > 0 && (
        <Banner tone="info" title={t('connection.concerned')}>
          <ul>{of.concerned.map((c) => <li key={c.country}><strong>{country(c.country)}</strong>: <bdi>{c.why}</bdi></li>)}</ul>
        </Banner>
      )}
    </div>
  )
}

export function Tally({ of }: { of: Finding[] }) {
  const count = (outcome: Finding['outcome']) => of.filter((f) => f.outcome === outcome).length
  return (
    <p class="row tally">
      {(['not_met', 'needs_a_person', 'met'] as const).filter((o) => count(o)).map((o) => (
        <Tag key={o} tone={o === 'met' ? 'good' : o === 'not_met' ? 'bad' : 'warn'} icon={o === 'met' ? 'check' : o === 'not_met' ? 'cross' : 'person'}>{t(`tally.${o}`, { n: count(o) })}</Tag>
      ))}
    </p>
  )
}

export function Assessed({ of }: { of: Assessment }) {
  return (
    <>
      <Section title={t('findings.title')} aside={<Tally of={of.findings} />}>
        <p class="muted small">{t('findings.lead', { date: date(of.date) })} <code>{of.law_pack.slice(0, 10)}</code></p>
        <Findings of={of.findings} />
      </Section>
      {of.connection && <Section title={t('connection.title')}><ConnectionTable of={of.connection} /></Section>}
    </>
  )
}
