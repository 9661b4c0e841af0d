// Reads the texts of the pages: lines `key | English | français | العربية` in texts/*.txt.
// {name} is a value; {n: one # day; other # days} chooses by the plural of n in that language.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
export const languages = ['en', 'fr', 'ar']

/** All lines, in order: [{key, en, fr, ar, where}]. Throws on a line that is none. */
export function lines() {
  const out = []
  for (const file of readdirSync(here).filter((name) => name.endsWith('.txt')).sort())
    readFileSync(here + file, 'utf8').split('\n').forEach((line, index) => {
      if (!line.trim() || line.startsWith('#')) return
      const where = `texts/${file}:${index + 1}`
      const [key, ...texts] = line.split(' | ').map((part) => part.trim())
      if (texts.length !== languages.length) throw new Error(`${where}: ${texts.length} texts for ${languages.length} languages`)
      out.push({ key, where, ...Object.fromEntries(languages.map((language, i) => [language, texts[i]])) })
    })
  return out
}

/** The same text 40 % longer, its values and plural forms kept. */
export function longer(text) {
  if (/^\{\w+: /.test(text)) return text
  const plain = text.replace(/\{[^}]*\}/g, '')
  return `${text}${'~'.repeat(Math.ceil(plain.length * 0.4)).replace(/~{7}/g, '~~~~~~ ')}`
}

/** The forms' own texts in Arabic, by the English text. */
export function formTexts() {
  const pairs = readFileSync(`${here}forms.ar`, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' | '))
  const odd = pairs.find((pair) => pair.length !== 2 || !pair[1])
  if (odd) throw new Error(`texts/forms.ar: ${odd.join(' | ')}`)
  return Object.fromEntries(pairs)
}

/** The countries' names, as the law pack has them: what a page says is what its node says. */
export function countries() {
  const { records } = JSON.parse(readFileSync(`${here}../../law/countries.json`, 'utf8'))
  return records.map((r) => ({ key: `country.${r.alpha2}`, where: `law/countries.json, ${r.alpha2}`, ...Object.fromEntries(languages.map((language) => [language, r[`name_${language}`]])) }))
}

/**
 * Dates, times and addresses in an Arabic text keep the order in which they are typed: behind Arabic
 * letters 2026-02-11 is drawn as 11-02-2026 (Unicode UAX 9, rule W2), and would be typed so.
 */
export const inOrder = (arabic) =>
  arabic.replace(/[0-9A-Za-z][0-9A-Za-z.:+@_ -]*[0-9A-Za-z]/g, (run) => (/\d[-:.]\d/.test(run) ? `\u2066${run}\u2069` : run))

export function catalogues(pseudo = false) {
  const all = [...lines(), ...countries()]
  const out = Object.fromEntries(languages.map((language) => [language, Object.fromEntries(all.map((l) => [l.key, language === 'ar' ? inOrder(l.ar) : l[language]]))]))
  for (const [text, arabic] of Object.entries(formTexts())) out.ar[`form:${text}`] = inOrder(arabic)
  out.xx = pseudo ? Object.fromEntries(all.map((l) => [l.key, longer(l.en)])) : {}
  return out
}
