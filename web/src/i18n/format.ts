import { currentFormatTag } from './locale'

/** Building an Intl formatter costs ~50 µs; a message list asks for hundreds of times per frame. */
const cache = new Map<string, unknown>()

function cached<T>(kind: string, options: object, build: (locale: string) => T): T {
  const locale = currentFormatTag()
  const key = `${locale} ${kind} ${JSON.stringify(options)}`
  let formatter = cache.get(key) as T | undefined
  if (!formatter) {
    formatter = build(locale)
    cache.set(key, formatter)
  }
  return formatter
}

export function formatDate(at: Date | string, options: Intl.DateTimeFormatOptions): string {
  return cached('date', options, (l) => new Intl.DateTimeFormat(l, options)).format(new Date(at))
}

export const formatTime = (at: Date | string) =>
  formatDate(at, { hour: 'numeric', minute: '2-digit' })

export const formatDay = (at: Date | string) =>
  formatDate(at, { weekday: 'long', day: 'numeric', month: 'long' })

export const formatFull = (at: Date | string) =>
  formatDate(at, { dateStyle: 'full', timeStyle: 'short' })

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return cached('number', options, (l) => new Intl.NumberFormat(l, options)).format(value)
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** "1.4 MB", in steps of a thousand, as disks and browsers count. */
export function formatSize(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  const maximumFractionDigits = step > 0 && value < 100 ? 1 : 0
  const unit = sizes[step] ?? 'byte'
  return formatNumber(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits })
}

export function formatList(items: readonly string[], type: Intl.ListFormatType = 'conjunction') {
  return cached('list', { type }, (l) => new Intl.ListFormat(l, { type })).format(items)
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 minutes ago", "yesterday"; under a minute it says "now", because seconds only fidget. */
export function formatRelative(at: Date | string, now: Date): string {
  const seconds = (new Date(at).getTime() - now.getTime()) / 1000
  const options = { numeric: 'auto' } as const
  const formatter = cached('relative', options, (l) => new Intl.RelativeTimeFormat(l, options))
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return formatter.format(Math.trunc(seconds / size), unit)
  }
  return formatter.format(0, 'second')
}
