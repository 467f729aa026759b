import { currentFormatTag } from '@/i18n/locale'

/** Those most films are spoken in; others are written by their tag. */
const tags =
  'ar ca cs da de el en es eu fi fr gl he hi hu it ja ko nl no pl pt pt-BR ro ru sv tr uk zh'

export interface Language {
  tag: string
  name: string
}

/** By name, in the language of the reader. */
export function languages(): Language[] {
  const names = new Intl.DisplayNames([currentFormatTag()], { type: 'language' })
  return tags
    .split(' ')
    .map((tag) => ({ tag, name: capital(names.of(tag) ?? tag) }))
    .sort((a, b) => a.name.localeCompare(b.name, currentFormatTag()))
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

/** `The film.es.srt` → `es`; null where the name does not say. */
export function languageIn(fileName: string, known: readonly Language[]): string | null {
  const parts = fileName
    .toLowerCase()
    .split(/[._\-\s]+/)
    .slice(0, -1)
  const found = parts.findLast((part) => known.some(({ tag }) => tag.toLowerCase() === part))
  return known.find(({ tag }) => tag.toLowerCase() === found)?.tag ?? null
}
