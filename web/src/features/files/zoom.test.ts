import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FITTED, fitted, MOST, panned, zoomed } from './zoom'

const frame = { width: 1000, height: 700 }
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const box = fc.record({ width: number(1, 9000), height: number(1, 9000) })
const point = fc.record({ x: number(-500, 500), y: number(-350, 350) })

test('a picture fits its frame, and is never blown up', () => {
  fc.assert(
    fc.property(box, (picture) => {
      const shown = fitted(picture, frame)
      expect(shown.width).toBeLessThanOrEqual(Math.min(frame.width, picture.width) + 1e-6)
      expect(shown.height).toBeLessThanOrEqual(Math.min(frame.height, picture.height) + 1e-6)
      expect(shown.width / shown.height).toBeCloseTo(picture.width / picture.height, 3)
    }),
  )
})

test('whatever one does, the view stays between whole and eightfold, and no edge comes inside', () => {
  const deed = fc.record({ factor: number(0.2, 5), at: point, dx: number(-900, 900) })
  fc.assert(
    fc.property(box, fc.array(deed), (picture, deeds) => {
      const shown = fitted(picture, frame)
      let view = FITTED
      for (const { factor, at, dx } of deeds) {
        view = panned(zoomed(view, factor, at, shown, frame), dx, -dx, shown, frame)
        expect(view.scale).toBeGreaterThanOrEqual(1)
        expect(view.scale).toBeLessThanOrEqual(MOST)
        const room = Math.max(0, (shown.width * view.scale - frame.width) / 2)
        expect(Math.abs(view.x)).toBeLessThanOrEqual(room + 1e-6)
      }
    }),
  )
})

test('what lies under the pointer stays there while it grows', () => {
  const shown = { width: 1000, height: 700 }
  const at = { x: 200, y: -100 }
  const view = zoomed(FITTED, 3, at, shown, frame)
  // A point of the picture under the pointer before and after.
  expect((at.x - view.x) / view.scale).toBeCloseTo(at.x)
  expect((at.y - view.y) / view.scale).toBeCloseTo(at.y)
})
