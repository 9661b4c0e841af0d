// The texts of the pages in the reader's language, and dates and numbers as that language writes
// them. A catalogue is loaded when its language is chosen.
export type Language = 'en' | 'fr' | 'ar' | 'xx'
export type Values = Record<string, string | number>
declare const DEV: boolean

export const languages: { code: Language; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'fr', name: 'Français' },
  { code: 'ar', name: 'العربية' },
]

let current: Language = 'en'
let catalogue: Record<string, string> = {}

const load: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('texts:en'),
  fr: () => import('texts:fr'),
  ar: () => import('texts:ar'),
  xx: () => import('texts:xx'),
}

// Arabic with Latin digits, in every browser: selectors, hashes and dates stand beside each other.
const tags: Record<Language, string> = { en: 'en-GB', fr: 'fr', ar: 'ar-u-nu-latn', xx: 'en-GB' }
const tag = (): string => tags[current]

export const language = (): Language => current
export const direction = (): 'ltr' | 'rtl' => (current === 'ar' ? 'rtl' : 'ltr')

export function isLanguage(code: string | null | undefined): code is Language {
  return languages.some((l) => l.code === code) || (DEV && code === 'xx')
}

/** The language asked for in the address, chosen before, or wanted by the browser. */
export function wanted(): Language {
  const asked = new URLSearchParams(location.search).get('lang')
  if (isLanguage(asked)) return asked
  const kept = localStorage.getItem('language')
  if (isLanguage(kept)) return kept
  for (const browser of navigator.languages) {
    const code = browser.slice(0, 2)
    if (isLanguage(code)) return code
  }
  return 'en'
}

export async function choose(code: Language): Promise<void> {
  catalogue = (await load[code]()).default
  current = code
  document.documentElement.lang = code === 'xx' ? 'en' : code
  document.documentElement.dir = direction()
}

export function has(key: string): boolean {
  return key in catalogue
}

export function t(key: string, values?: Values): string {
  const text = catalogue[key]
  if (text === undefined) {
    if (DEV) console.error(`no text for ${key}`)
    return key
  }
  return fill(text, values ?? {}, tag())
}

/** Puts values into a text; `{n: one # day; other # days}` chooses by n's plural category. */
export function fill(text: string, values: Values, locale: string): string {
  return text.replace(/\{(\w+)(?:: ([^}]*))?\}/g, (all, name: string, forms?: string) => {
    const value = values[name]
    if (value === undefined) return all
    if (!forms) return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value
    const category = new Intl.PluralRules(locale).select(Number(value))
    const choices = new Map(forms.split(';').map((form) => {
      const [, name = '', words = ''] = /^\s*(\w+) (.*?)\s*$/.exec(form) ?? []
      return [name, words] as const
    }))
    const chosen = choices.get(category) ?? choices.get('other') ?? ''
    return chosen.replace('#', new Intl.NumberFormat(locale).format(Number(value)))
  })
}

export const number = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(tag(), options).format(value)

export const percent = (value: number): string => number(value, { style: 'percent', maximumFractionDigits: 0 })

export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  let step = 0
  while (size >= 1000 && step < units.length - 1) {
    size /= 1000
    step += 1
  }
  return number(size, { style: 'unit', unit: units[step]!, unitDisplay: step ? 'short' : 'long', maximumFractionDigits: step ? 1 : 0 })
}

export const date = (at: string | Date): string =>
  new Intl.DateTimeFormat(tag(), { day: 'numeric', month: 'long', year: 'numeric', timeZone: typeof at === 'string' && at.length === 10 ? 'UTC' : undefined }).format(new Date(at))

export const time = (at: string | Date, zone?: string): string =>
  new Intl.DateTimeFormat(tag(), {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone, timeZoneName: 'short',
  }).format(new Date(at))

/** The time of day alone, of an hour that is near. */
export const clock = (at: string | Date): string =>
  new Intl.DateTimeFormat(tag(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))

export const month = (at: string): string =>
  new Intl.DateTimeFormat(tag(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${at}-01T00:00:00Z`))

/** "in 3 days", "2 h late". */
export function relative(due: string, now: number): string {
  const distance = new Date(due).getTime() - now
  const minutes = Math.floor(Math.abs(distance) / 60_000)
  const late = distance < 0 ? 'late' : 'in'
  if (minutes >= 2 * 1440) return t(`time.${late}.days`, { n: Math.floor(minutes / 1440) })
  if (minutes >= 60) return t(`time.${late}.hours`, { n: Math.floor(minutes / 60) })
  return t(`time.${late}.minutes`, { n: minutes })
}

/** "P10D" in words. */
export function duration(text: string): string {
  const [, count, unit] = /^PT?(\d+)([YMWDH])/.exec(text) ?? []
  if (!count || !unit) return text
  const key = text.startsWith('PT') && unit === 'M' ? 'minutes' : { Y: 'years', M: 'months', W: 'weeks', D: 'days', H: 'hours' }[unit]
  return t(`time.${key}`, { n: Number(count) })
}

/** The country's name in the law pack; the browser's for a territory that is none of its countries. */
export function country(code: string): string {
  if (has(`country.${code}`)) return t(`country.${code}`)
  try {
    return new Intl.DisplayNames([tag()], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([tag()], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/** What stands between items that have commas in them. */
export const between = (): string => ({ en: '; ', xx: '; ', fr: ' ; ', ar: '؛ ' })[current]

/** "a; b; c", each in its own direction. */
export const apart = (items: string[]): string => items.map((item) => `\u2068${item}\u2069`).join(between())

/** "a, b, c", with the comma of the language. */
export const joined = (items: string[]): string => items.join(current === 'ar' ? '، ' : ', ')

export const list = (items: string[]): string => new Intl.ListFormat(tag(), { type: 'conjunction' }).format(items)
