// The parts that every page is made of.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useLayoutEffect, useId, useRef, useState } from 'preact/hooks'
import { signedOut, type Finding, type Problem } from '../lib/api.ts'
import { country, date, has, relative, t, time } from '../lib/i18n.ts'
import type { Loading } from '../lib/use.ts'
import { useNow } from '../lib/use.ts'
import { Icon, type IconName } from './icon.tsx'

type Children = { children?: ComponentChildren }
export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'info'

// ---- pages

/** Title of the page, in the window and at its top; it takes the focus when the page is entered. */
export function PageHead({ title, lead, over, children }: { title: string; lead?: ComponentChildren; over?: ComponentChildren } & Children) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Comity`
  }, [title])
  useEffect(() => {
    if (document.documentElement.dataset.entered) heading.current?.focus({ preventScroll: true })
    document.documentElement.dataset.entered = 'yes'
  }, [])
  return (
    <header class="page-head">
      <div class="page-head-text">
        {over && <p class="over">{over}</p>}
        <h1 tabIndex={-1} ref={heading}>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      {children && <div class="page-head-actions">{children}</div>}
    </header>
  )
}

export function Section({ title, aside, children, id }: { title: string; aside?: ComponentChildren; id?: string } & Children) {
  const own = useId()
  return (
    <section class="section" aria-labelledby={id ?? own}>
      <div class="section-head">
        <h2 id={id ?? own}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export function Panel({ title, children, tone = 'plain' }: { title?: string; tone?: Tone } & Children) {
  const id = useId()
  return (
    <section class={`panel panel-${tone}`} aria-labelledby={title ? id : undefined}>
      {title && <h2 id={id} class="panel-title">{title}</h2>}
      {children}
    </section>
  )
}

// ---- controls

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'size' | 'icon'> & { kind?: 'primary' | 'second' | 'quiet' | 'danger'; busy?: boolean; icon?: IconName; small?: boolean }

export function Button({ kind = 'second', busy, icon, small, children, disabled, class: extra, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button button-${kind}${small ? ' button-small' : ''} ${extra ?? ''}`} aria-disabled={busy || disabled || undefined} disabled={disabled as boolean}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

export function LinkButton({ href, kind = 'second', icon, small, children }: { href: string; kind?: ButtonProps['kind']; icon?: IconName; small?: boolean } & Children) {
  return (
    <a href={href} class={`button button-${kind}${small ? ' button-small' : ''}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  )
}

export function Select({ label, value, onChange, options, hint, inline, required }: {
  label: string
  value: string
  onChange: (value: string) => void
  options: [string, string][]
  hint?: string
  inline?: boolean
  required?: boolean
}) {
  const id = useId()
  return (
    <div class={inline ? 'field field-inline' : 'field'}>
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      <select id={id} value={value} required={required} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => onChange(e.currentTarget.value)}>
        {options.map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </select>
    </div>
  )
}

export function Input({ label, value, onChange, hint, error, wide, narrow, rows, mono, type = 'text', onBlur, autoComplete = 'off', dir }: {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  error?: string
  wide?: boolean
  narrow?: boolean
  rows?: number
  mono?: boolean
  type?: 'text' | 'search'
  onBlur?: () => void
  autoComplete?: string
  dir?: 'auto' | 'ltr'
}) {
  const id = useId()
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  const shared = {
    id, value, onBlur, autoComplete, dir: dir ?? ('auto' as const), 'aria-describedby': said, 'aria-invalid': error ? ('true' as const) : undefined,
    class: `${wide ? 'wide' : narrow ? 'short' : ''} ${mono ? 'mono' : ''}`,
  }
  return (
    <div class={error ? 'field field-wrong' : 'field'}>
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="error" id={`${id}-error`}><Icon name="warn" /> {error}</p>}
      {rows
        ? <textarea {...shared} rows={rows} onInput={(e) => onChange(e.currentTarget.value)} />
        : type === 'search' ? <input {...shared} type="search" onInput={(e) => onChange(e.currentTarget.value)} /> : <input {...shared} type="text" onInput={(e) => onChange(e.currentTarget.value)} />}
    </div>
  )
}

export function Check({ label, checked, onChange, hint }: { label: ComponentChildren; checked: boolean; onChange: (on: boolean) => void; hint?: string }) {
  const id = useId()
  return (
    <div class="choice">
      <input type="checkbox" id={id} checked={checked} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => onChange(e.currentTarget.checked)} />
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  )
}

// ---- words with a mark

export function Tag({ tone = 'plain', icon, children }: { tone?: Tone; icon?: IconName } & Children) {
  return <span class={`tag tag-${tone}`}>{icon && <Icon name={icon} />}<span>{children}</span></span>
}

const outcomes: Record<Finding['outcome'], [Tone, IconName]> = { met: ['good', 'check'], not_met: ['bad', 'cross'], needs_a_person: ['warn', 'person'] }
export function Outcome({ of }: { of: Finding['outcome'] }) {
  const [tone, icon] = outcomes[of]
  return <Tag tone={tone} icon={icon}>{t(`outcome.${of}`)}</Tag>
}

export function Due({ at }: { at?: string }) {
  const now = useNow()
  if (!at) return <span class="muted">{t('time.none')}</span>
  const late = Date.parse(at) < now
  const soon = !late && Date.parse(at) - now < 2 * 86_400_000
  return (
    <span class={`due ${late ? 'due-late' : soon ? 'due-soon' : ''}`} title={time(at)}>
      {(late || soon) && <Icon name={late ? 'warn' : 'clock'} />}
      <time dateTime={at}>{relative(at, now)}</time>
    </span>
  )
}

/** A legal instant: in the reader's zone and in UTC. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} class="when">
      <span class="nowrap">{time(at)}</span> <span class="muted nowrap">({time(at, 'UTC')})</span>
    </time>
  )
}

export const Day = ({ at }: { at: string }) => <time dateTime={at}>{date(at)}</time>

/** A text typed by a person or come from elsewhere: only ever text, in its own direction. */
export function Said({ children, block }: { block?: boolean } & Children) {
  return block ? <div class="said" dir="auto">{children}</div> : <bdi>{children}</bdi>
}

export const Country = ({ code }: { code: string }) => <bdi title={code}>{country(code)}</bdi>

export function Hash({ of, short = true }: { of: string; short?: boolean }) {
  return <code class="hash" title={of} dir="ltr">{short ? `${of.slice(0, 10)}…` : (of.match(/.{1,4}/g) ?? []).map((part, i) => <span key={i}>{part}</span>)}</code>
}

// ---- states

export function Banner({ tone = 'info', title, children, live }: { tone?: Tone; title?: string; live?: boolean } & Children) {
  const icon: IconName = tone === 'good' ? 'check' : tone === 'info' || tone === 'plain' ? 'info' : 'warn'
  return (
    <div class={`banner banner-${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon name={icon} />
      <div>
        {title && <p class="banner-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

/** A refusal in words: what, by which rule, on what facts, and what to do. */
export function ProblemBanner({ of }: { of: Problem }) {
  if (of.code === signedOut) return <Banner tone="bad" live title={t('problem.signed-out')}><p>{t('problem.signed-out.text')} <a href="/sign-in" target="_blank" rel="noopener">{t('sign-in')}</a></p></Banner>
  const known = has(`problem.${of.code}`)
  return (
    <Banner tone="bad" live title={known ? t(`problem.${of.code}`) : of.title}>
      {/* What the detail says in one piece, where the parts are not given. */}
      {of.detail && !of.facts && <p dir="auto">{of.detail}</p>}
      {of.facts && <p dir="auto">{of.facts}</p>}
      {of.remedy && <p dir="auto">{of.remedy}</p>}
      {(of.rule || of.source) && <p class="small muted" dir="auto">{[of.rule, of.source].filter(Boolean).join(' · ')}</p>}
      {of.status > 0 && <p class="small muted"><code>{of.code}</code></p>}
    </Banner>
  )
}

/**
 * Keeps the focus where somebody works: when what had it goes away as this is drawn anew (a button
 * that has done its work), the box itself takes it, and Tab goes on from there.
 */
export function useKeptFocus<E extends HTMLElement>() {
  const box = useRef<E>(null)
  const held = !!box.current?.contains(document.activeElement)
  useLayoutEffect(() => {
    if (held && document.activeElement === document.body) box.current?.focus({ preventScroll: true })
  })
  return box
}

/** What was asked for, or why it is not there. With `whole` the page's own title hangs on it, and until then it has one of its own. */
export function Loaded<T>({ of, children, quiet, whole }: { of: Loading<T>; children: (data: T) => ComponentChildren; quiet?: boolean; whole?: boolean }) {
  const box = useKeptFocus<HTMLDivElement>()
  if (of.data !== undefined) return <div ref={box} tabIndex={-1} class={of.busy ? 'loaded busy' : 'loaded'} aria-busy={of.busy}>{children(of.data)}</div>
  if (of.problem)
    return (
      <div class="loaded">
        {whole && <PageHead title={t(of.problem.status === 404 ? 'unknown.title' : 'failed.title')} />}
        <ProblemBanner of={of.problem} />
        {of.problem.status === 0 || of.problem.status >= 500 ? <Button onClick={of.again}>{t('again')}</Button> : null}
      </div>
    )
  return quiet ? null : whole ? <PageWaiting /> : <Waiting />
}

/** A page that is still to come has a title, too. */
export function PageWaiting() {
  return <><h1 class="visually-hidden">{t('loading')}</h1><Waiting /></>
}

export function Waiting() {
  return (
    <div class="waiting" role="status">
      <span class="visually-hidden">{t('loading')}</span>
      <span class="bone" /><span class="bone" /><span class="bone" />
    </div>
  )
}

export function Empty({ title, children }: { title: string } & Children) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

export function Progress({ label, value, max }: { label: string; value: number; max: number }) {
  const id = useId()
  return (
    <div class="progress">
      <label for={id}>{label}</label>
      <progress id={id} value={value} max={Math.max(max, 1)} />
    </div>
  )
}

export function Facts({ rows, wide }: { rows: [string, ComponentChildren][]; wide?: boolean }) {
  return (
    <dl class={wide ? 'facts facts-wide' : 'facts'}>
      {rows.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

// As cards the rows are no table to a browser any more: they say what they are, and what stands in them.
function labelCells(table: HTMLTableElement) {
  const labels = [...table.tHead!.rows[0]!.cells].map((cell) => (cell.firstElementChild?.classList.contains('visually-hidden') ? '' : cell.textContent!.trim()))
  for (const row of table.tBodies[0]!.rows) {
    row.setAttribute('role', 'row')
    const cells = [...row.cells]
    for (const [i, cell] of cells.entries()) {
      const heads = cell.tagName === 'TH'
      cell.setAttribute('role', heads ? 'rowheader' : 'cell')
      const label = !heads && cells.length === labels.length && labels[i]
      if (label && !cell.querySelector(':scope > button:only-child')) cell.dataset.label = label
    }
  }
}

/**
 * With `cards`, each row is a card of its own where the page is narrow, with the head's words in it; roles keep saying that it is
 * a table. Any other scrolls by itself there, and can then be reached by keyboard.
 */
export function Table({ caption, head, children, hideCaption, tight, cards = !tight }: { caption: string; head: ComponentChildren[]; hideCaption?: boolean; tight?: boolean; cards?: boolean } & Children) {
  const role = (name: JSX.IntrinsicElements['table']['role']) => (cards ? name : undefined)
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, set] = useState(false)
  // Letters that come late and windows that turn change the widths after the table is drawn.
  useLayoutEffect(() => {
    const measure = () => box.current && set(box.current.scrollWidth > box.current.clientWidth + 1)
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(box.current!)
    watch.observe(box.current!.firstElementChild!)
    return () => watch.disconnect()
  }, [])
  useLayoutEffect(() => {
    if (cards) labelCells(box.current!.querySelector('table')!)
  })
  return (
    <div class="table-box" ref={box} tabIndex={scrolls ? 0 : undefined} role={scrolls ? 'group' : undefined} aria-label={scrolls ? caption : undefined}>
      <table class={`table${tight ? ' table-tight' : ''}${cards ? ' table-cards' : ''}`} role={role('table')}>
        <caption class={hideCaption ? 'visually-hidden' : ''}>{caption}</caption>
        <thead role={role('rowgroup')}><tr role={role('row')}>{head.map((cell, i) => <th key={i} scope="col" role={role('columnheader')}>{cell}</th>)}</tr></thead>
        <tbody role={role('rowgroup')}>{children}</tbody>
      </table>
    </div>
  )
}

export function Tabs({ items, current, label }: { items: [string, string, number?][]; current: string; label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {items.map(([href, name, count]) => (
        <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>
          {name}
          {count !== undefined && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  )
}

export function More({ next, onMore, busy }: { next?: string; onMore: () => void; busy: boolean }) {
  return next ? <p class="more"><Button onClick={onMore} busy={busy}>{t('more')}</Button></p> : null
}

export function Dialog({ title, onClose, children, wide }: { title: string; onClose: () => void; wide?: boolean } & Children) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    dialog.current?.showModal()
    return () => before?.focus?.()
  }, [])
  return (
    <dialog ref={dialog} class={wide ? 'dialog dialog-wide' : 'dialog'} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose() }}>
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="button button-quiet button-icon" onClick={onClose} aria-label={t('close')}><Icon name="cross" /></button>
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  )
}

export function Details({ summary, children, open }: { summary: ComponentChildren; open?: boolean } & Children) {
  return (
    <details class="details" open={open}>
      <summary>{summary}</summary>
      <div class="details-body">{children}</div>
    </details>
  )
}
