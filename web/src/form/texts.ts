// The forms' own texts in the reader's language. The law pack has them in English and French; the
// Arabic ones are the pages' (texts/forms.ar), by the English text, until the pack has its own.
import type { Text } from '../lib/api.ts'
import { has, language, t } from '../lib/i18n.ts'

export function formText(of: Text): string {
  const code = language()
  if (code === 'fr') return of.fr ?? of.en
  if (code === 'ar') return of.ar ?? (has(`form:${of.en}`) ? t(`form:${of.en}`) : of.en)
  return of.en
}
