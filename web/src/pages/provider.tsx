// The provider's production: files to rows of the order, sent in chunks that go on after a break;
// and the calendar of deferrals that end.
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, Refusal, type Case, type Item, type StagedItem } from '../lib/api.ts'
import { fromBase64url } from '../lib/bytes.ts'
import { bytes, date, number, t } from '../lib/i18n.ts'
import { equal } from '../lib/merkle.ts'
import { check, type Schema } from '../lib/schema.ts'
import { sha256Of } from '../lib/sha256.ts'
import { useMe } from '../lib/session.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { problemOf, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { FaultSummary, FormProvider, idOf, Members, useFields } from '../form/field.tsx'
import { Period, SelectorShown } from '../ui/gridtable.tsx'
import { Icon } from '../ui/icon.tsx'
import { Banner, Button, Day, Due, Empty, Hash, Loaded, PageHead, Panel, ProblemBanner, Section, Table, Tag, useKeptFocus } from '../ui/kit.tsx'
import { Sign } from '../ui/sign.tsx'
import type { Problem } from '../../api/types.ts'

interface Upload {
  staged: StagedItem
  file?: File
  state: 'sending' | 'paused' | 'whole' | 'comparing' | 'same' | 'differs' | 'failed'
  /** How much of the file has been hashed here, to compare both ends. */
  hashed?: number
  problem?: Problem
}

/** Sends what is missing, from where the node says it stopped. A broken line is tried again. */
async function send(upload: Upload, chunk: number, stopped: () => boolean, report: (received: number) => void): Promise<Item> {
  const { staged, file } = upload
  let received = (await call('getStaged', { path: { token: staged.token } })).received
  let failures = 0
  while (received < file!.size) {
    if (stopped()) throw new DOMException('stopped', 'AbortError')
    try {
      const part = file!.slice(received, received + chunk)
      received = (await call('appendItem', { path: { token: staged.token }, query: { offset: received }, body: part })).received
      failures = 0
      report(received)
    } catch (error) {
      const passing = error instanceof Refusal && (error.problem.status === 0 || error.problem.status >= 500 || error.problem.status === 409)
      if (!passing || ++failures > 6) throw error
      await new Promise((wait) => setTimeout(wait, 300 * 2 ** failures))
      received = (await call('getStaged', { path: { token: staged.token } })).received
    }
  }
  return (await call('finishItem', { path: { token: staged.token } })).item
}

function useUploads(id: string) {
  const [list, setList] = useState<Upload[] | null>(null)
  const [chunk, setChunk] = useState(1 << 20)
  const [problem, setProblem] = useState<Problem | null>(null)
  const stopped = useRef(new Set<string>())
  useEffect(() => {
    call('listStaged', { path: { case: id } }).then(
      (all) => {
        setChunk(all.chunk_bytes)
        setList(all.items.map((staged) => ({ staged, state: staged.item ? 'whole' : 'paused' })))
      },
      (error: unknown) => setProblem(problemOf(error)),
    )
    return () => stopped.current.add('*')
  }, [id])
  const change = (token: string, to: Partial<Upload>) => setList((old) => (old ?? []).map((u) => (u.staged.token === token ? { ...u, ...to } : u)))
  const run = async (upload: Upload) => {
    const token = upload.staged.token
    stopped.current.delete(token)
    change(token, { state: 'sending', file: upload.file, problem: undefined })
    const halted = () => stopped.current.has('*') || stopped.current.has(token)
    try {
      const item = await send(upload, chunk, halted, (received) => change(token, { staged: { ...upload.staged, received } }))
      const staged = { ...upload.staged, received: item.size, item }
      change(token, { staged, state: 'comparing', hashed: 0 })
      const own = await sha256Of(upload.file!, (hashed) => change(token, { hashed }), halted)
      change(token, { staged, state: equal(own, fromBase64url(item.plain_sha256)) ? 'same' : 'differs' })
    } catch (error) {
      if ((error as Error).name === 'AbortError') return change(token, { state: 'paused' })
      change(token, { state: 'failed', problem: problemOf(error) })
    }
  }
  const add = async (files: File[], cell: number) => {
    setProblem(null)
    for (const file of files) {
      const waiting = (list ?? []).find((u) => !u.staged.item && u.staged.name === file.name && u.staged.size === file.size)
      if (waiting) {
        await run({ ...waiting, file })
        continue
      }
      try {
        const staged = await call('beginItem', { path: { case: id }, body: { name: file.name, media_type: /^[a-z]+\/[a-z0-9.+-]+$/.test(file.type) ? file.type : 'application/octet-stream', size: file.size, cell } })
        const upload: Upload = { staged, file, state: 'sending' }
        setList((old) => [...(old ?? []), upload])
        await run(upload)
      } catch (error) {
        setProblem(problemOf(error))
      }
    }
  }
  const pause = (token: string) => stopped.current.add(token)
  const drop = async (token: string) => {
    stopped.current.add(token)
    await call('dropItem', { path: { token } }).then(() => setList((old) => (old ?? []).filter((u) => u.staged.token !== token)), (error: unknown) => setProblem(problemOf(error)))
  }
  return { list, problem, add, run, pause, drop }
}

function Drop({ row, onFiles }: { row: number; onFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false)
  const id = `files-${row}`
  return (
    <div class={over ? 'drop drop-over' : 'drop'}
      onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)}
      onDrop={(e) => { e.preventDefault(); setOver(false); onFiles([...(e.dataTransfer?.files ?? [])]) }}>
      <input type="file" id={id} multiple class="visually-hidden" onChange={(e) => { onFiles([...(e.currentTarget.files ?? [])]); e.currentTarget.value = '' }} />
      <label for={id}><Icon name="upload" /> {t('produce.choose')}<span class="visually-hidden"> {t('grid.row-n', { n: number(row + 1) })}</span></label>
      <span class="muted small">{t('produce.drop')}</span>
    </div>
  )
}

function UploadLine({ of, onPause, onDrop, onAgain }: { of: Upload; onPause: () => void; onDrop: () => void; onAgain: (file: File) => void }) {
  const { staged, state, problem } = of
  const id = `again-${staged.token}`
  // Its buttons come and go with what the file is at.
  const line = useKeptFocus<HTMLLIElement>()
  return (
    <li class="upload" ref={line} tabIndex={-1}>
      <div class="row">
        <strong><bdi>{staged.name}</bdi></strong> <span class="muted small">{bytes(staged.size)}</span>
        {state === 'same' && <Tag tone="good" icon="check">{t('produce.same')}</Tag>}
        {state === 'comparing' && <Tag icon="clock">{t('produce.comparing')}</Tag>}
        {state === 'whole' && <Tag tone="good" icon="check">{t('produce.whole')}</Tag>}
        {state === 'differs' && <Tag tone="bad" icon="cross">{t('produce.differs')}</Tag>}
        {state === 'paused' && <Tag tone="warn" icon="pause">{t('produce.paused')}</Tag>}
        {staged.item && <Hash of={staged.item.plain_sha256} />}
        <span class="upload-end">
          {state === 'sending' && <Button small kind="quiet" onClick={onPause}>{t('produce.pause')}</Button>}
          <Button small kind="quiet" onClick={onDrop}>{t('list.remove')}<span class="visually-hidden"> {staged.name}</span></Button>
        </span>
      </div>
      {state === 'comparing' && <div class="progress"><progress value={of.hashed ?? 0} max={Math.max(1, staged.size)} aria-label={t('produce.comparing')} /></div>}
      {!staged.item && <div class="progress"><progress value={staged.received} max={Math.max(1, staged.size)} aria-label={staged.name} /><span class="small muted">{bytes(staged.received)} / {bytes(staged.size)}</span></div>}
      {(state === 'paused' || state === 'failed') && (of.file
        ? <Button small onClick={() => onAgain(of.file!)}>{t('produce.resume')}</Button>
        : <p class="small"><input type="file" id={id} class="visually-hidden" onChange={(e) => { const f = e.currentTarget.files?.[0]; if (f && f.size === staged.size) onAgain(f) }} /><label for={id} class="link">{t('produce.resume-file')}</label></p>)}
      {problem && <ProblemBanner of={problem} />}
    </li>
  )
}

function Produce({ of, schema }: { of: Case; schema: Schema }) {
  const { session } = useMe()
  const uploads = useUploads(of.case)
  const [tried, setTried] = useState(0)
  const [signing, setSigning] = useState(false)
  const items = (uploads.list ?? []).flatMap((u) => (u.staged.item && u.state !== 'differs' && u.state !== 'comparing' ? [u.staged.item] : []))
  const open = (uploads.list ?? []).filter((u) => !u.staged.item || u.state === 'comparing' || u.state === 'differs').length
  const whole = (fields: Record<string, unknown>) => ({
    ...fields, manifest: items,
    rows: of.grid.map((_, cell) => {
      const given = (fields.rows as { result?: string; note?: string }[] | undefined)?.[cell]
      // That nothing is held is said by a person, never assumed.
      const result = given?.result ?? (items.some((i) => i.cell === cell) ? 'produced' : undefined)
      return { cell, ...(result ? { result } : {}), ...(given?.note ? { note: given.note } : {}) }
    }),
  })
  const form = useFields(schema, {}, (fields) => check(schema, whole(fields)))
  const [done, setDone] = useState(false)
  // What has been uploaded waits at the node; a file on its way would stop.
  useUnsaved(!done && (form.typed || (uploads.list ?? []).some((u) => u.state === 'sending')))
  const shape: Schema = { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'manifest' && name !== 'rows')) }
  const result = (cell: number) => whole(form.fields).rows[cell]!.result ?? ''
  const setRow = (cell: number, change: object) => form.set('/rows', of.grid.map((_, i) => ({ ...whole(form.fields).rows[i], ...(i === cell ? change : {}) })))
  return (
    <form class="form" noValidate onSubmit={(e) => {
      e.preventDefault()
      form.showAll()
      setTried((n) => n + 1)
      if (form.faults.length === 0 && open === 0) setSigning(true)
    }}>
      {tried > 0 && <FaultSummary key={tried} focus schema={schema} faults={form.faults} link={(f) => `#${/^\/rows\/(\d+)/.exec(f.pointer)?.[1] !== undefined ? `result-${/\d+/.exec(f.pointer)![0]}` : idOf(f.pointer)}`} />}
      {uploads.problem && <ProblemBanner of={uploads.problem} />}
      <ol class="produce-rows">
        {of.grid.map((row, cell) => (
          <li key={cell} class="panel">
            <div class="produce-head">
              <div><SelectorShown of={row.selector} /></div>
              <div><Tag>{t(`category.${row.category}`)}</Tag> <Period of={row} /></div>
              <div class="field field-inline">
                <label for={`result-${cell}`}>{t('produce.result')}</label>
                <select id={`result-${cell}`} value={result(cell)} aria-invalid={tried > 0 && !result(cell) ? 'true' : undefined} onChange={(e) => setRow(cell, { result: e.currentTarget.value || undefined })}>
                  <option value="">{t('choose')}</option>
                  {['produced', 'partly', 'none'].map((r) => <option key={r} value={r}>{t(`produce.result.${r}`)}</option>)}
                </select>
              </div>
            </div>
            <ul class="uploads">
              {(uploads.list ?? []).filter((u) => u.staged.cell === cell).map((u) => (
                <UploadLine key={u.staged.token} of={u} onPause={() => uploads.pause(u.staged.token)} onDrop={() => void uploads.drop(u.staged.token).then(() => document.getElementById(`files-${cell}`)?.focus())} onAgain={(file) => void uploads.run({ ...u, file })} />
              ))}
            </ul>
            <Drop row={cell} onFiles={(files) => void uploads.add(files, cell)} />
          </li>
        ))}
      </ol>
      <Panel title={t('produce.certificate')}><FormProvider value={{ ...form, choices: () => undefined }}><Members pointer="" schema={shape} /></FormProvider></Panel>
      {open > 0 && <Banner tone="warn">{t('produce.open', { n: open })}</Banner>}
      <div class="actions"><Button kind="primary" type="submit" disabled={open > 0}>{t('act.check-and-sign')}</Button><span class="muted small">{t('produce.sum', { n: items.length })}</span></div>
      {signing && <Sign intent={{ case: of.case, act: 'produce', office: session!.office, role: 'response-officer', fields: whole(form.fields) }} onClose={() => setSigning(false)} onDone={() => setDone(true)} />}
    </form>
  )
}

export function ProducePage({ at }: PageProps) {
  const id = at.case!
  const loaded = useLoad(async (signal) => {
    const [of, schema] = await Promise.all([call('getCase', { signal, path: { case: id } }), call('getForm', { signal, path: { form: 'produce' } }) as Promise<Schema>])
    return { of, schema }
  }, [id])
  return (
    <Loaded whole of={loaded}>
      {({ of, schema }) => {
        const possible = of.possible.find((p) => p.act === 'produce')
        const due = of.owed.find((o) => o.act === 'produce')?.due
        return (
          <>
            <PageHead title={t('produce.title')} over={<a href={`/cases/${encodeURIComponent(id)}`}><bdi>{of.reference}</bdi></a>} lead={<>{t('produce.lead')} <Due at={due} /></>} />
            {!possible?.may ? <Banner tone="warn" title={t('act.not-possible')}><p>{t('act.not-possible.text')}</p></Banner> : <Produce of={of} schema={schema} />}
          </>
        )
      }}
    </Loaded>
  )
}

export function DeferralsPage() {
  const loaded = useLoad((signal) => call('listDeferrals', { signal, query: {} }), [])
  return (
    <>
      <PageHead title={t('deferrals.title')} lead={t('deferrals.lead')} />
      <Loaded of={loaded}>
        {({ items }) => {
          if (!items.length) return <Empty title={t('deferrals.none')} />
          const weeks = new Map<string, typeof items>()
          for (const item of items) {
            const day = new Date(item.ends)
            day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
            const key = day.toISOString().slice(0, 10)
            weeks.set(key, [...(weeks.get(key) ?? []), item])
          }
          return (
            <>
              {[...weeks].map(([week, lines]) => (
                <Section key={week} title={t('deferrals.week', { at: date(week) })} aside={<span class="count">{number(lines.length)}</span>}>
                  <Table caption={t('deferrals.week', { at: date(week) })} hideCaption head={[t('deferrals.ends'), t('work.case'), t('deferrals.account'), t('deferrals.by'), t('deferrals.text')]}>
                    {lines.map((d) => (
                      <tr key={d.case + d.account}>
                        <td><Day at={d.ends} /><p class="small"><Due at={d.ends} /></p></td>
                        <th scope="row"><a href={`/cases/${encodeURIComponent(d.case)}`}><bdi>{d.reference}</bdi></a></th>
                        <td><bdi>{d.account}</bdi></td><td><bdi>{d.by}</bdi></td>
                        <td>{d.text_ready ? <Tag tone="good" icon="check">{t('deferrals.ready')}</Tag> : <Tag tone="warn" icon="clock">{t('deferrals.not-ready')}</Tag>}</td>
                      </tr>
                    ))}
                  </Table>
                </Section>
              ))}
            </>
          )
        }}
      </Loaded>
    </>
  )
}
