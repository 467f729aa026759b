import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
const css = read('tokens.css')

type Oklch = readonly [lightness: number, chroma: number, hue: number]

/** The opaque colours of tokens.css: name → [light, dark]. */
const tokens = new Map<string, readonly [Oklch, Oklch]>(
  [...css.matchAll(/--([\w-]+): light-dark\(oklch\(([^)/]+)\), oklch\(([^)/]+)\)\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [parse(light), parse(dark)]],
  ),
)

function parse(text: string): Oklch {
  const [l = 0, c = 0, h = 0] = text.trim().split(/\s+/).map(Number)
  return [l, c, h]
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour, by Ottosson's matrices. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: Oklch, other: Oklch): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const papers = ['paper', 'paper-sunken', 'paper-raised', 'paper-hover']

const pairs = (inks: string[], grounds: string[]) =>
  inks.flatMap((ink) => grounds.map((ground) => [ink, ground] as const))

const readable = [
  ...pairs(['ink', 'ink-muted', 'accent-ink', 'live-ink', 'danger-ink'], papers),
  ...pairs(['ink-faint'], ['paper', 'paper-sunken', 'paper-raised']),
  ...pairs(['ink', 'ink-muted'], ['paper-pressed', 'accent-soft']),
  ...pairs(['on-accent'], ['accent', 'accent-hover']),
  ...pairs(['on-danger'], ['danger', 'danger-hover']),
  ...pairs(['on-live'], ['live']),
  ['accent-ink', 'accent-soft'],
  ['live-ink', 'live-soft'],
  ['danger-ink', 'danger-soft'],
  ['paper', 'ink'],
] as const

const visible = pairs(['line-strong', 'accent', 'live', 'danger', 'focus'], papers)

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('contrast in the %s theme', (_, side) => {
  const ratio = (one: string, other: string) => {
    const [a, b] = [tokens.get(one)?.[side], tokens.get(other)?.[side]]
    if (!a || !b) throw new Error(`tokens.css has no ${a ? other : one}`)
    return contrast(a, b)
  }

  test.each(readable)('%s on %s can be read (4.5)', (ink, ground) => {
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(visible)('%s on %s can be seen (3)', (mark, ground) => {
    expect(ratio(mark, ground)).toBeGreaterThanOrEqual(3)
  })
})

test('initials can be read on any hue of a person', () => {
  const surface = read('base.css')
  const rule =
    /hue-surface \{\s+background: light-dark\(oklch\((.+?) var.+?oklch\((.+?) var.+?\s+color: light-dark\(oklch\((.+?) var.+?oklch\((.+?) var/.exec(
      surface,
    )
  const [groundLight, groundDark, inkLight, inkDark] = rule?.slice(1).map(parse) ?? []
  for (let hue = 0; hue < 360; hue += 5) {
    for (const [ink, ground] of [
      [inkLight, groundLight],
      [inkDark, groundDark],
    ]) {
      if (!ink || !ground) throw new Error('hue-surface is spelled otherwise')
      expect(contrast([ink[0], ink[1], hue], [ground[0], ground[1], hue])).toBeGreaterThan(4.5)
    }
  }
})
