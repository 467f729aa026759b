import fc from 'fast-check'
import { expect, test } from 'vitest'
import { galleryOf, rowRatio } from './gallery'

const pictures = fc.array(fc.option(fc.double({ min: 0.05, max: 20, noNaN: true })), {
  minLength: 1,
  maxLength: 10,
})

test('every picture lies in one row, in order, and the rows fill the whole', () => {
  fc.assert(
    fc.property(pictures, (sizes) => {
      const { rows, ratio, ratios } = galleryOf(sizes)
      expect(rows.flat()).toEqual(sizes.map((_, index) => index))
      const height = rows.reduce((sum, row) => sum + 1 / rowRatio(ratios, row), 0)
      expect(1 / height).toBeCloseTo(ratio)
      expect(rows.length).toBeLessThanOrEqual(4)
    }),
  )
})

test('a picture alone keeps its proportions, unless it is a strip', () => {
  expect(galleryOf([1.5]).ratio).toBeCloseTo(1.5)
  expect(galleryOf([9 / 16]).ratio).toBeCloseTo(9 / 16)
  expect(galleryOf([30]).ratio).toBeLessThan(3)
  expect(galleryOf([0.01]).ratio).toBeGreaterThan(0.5)
})

test('two upright ones stand side by side, four make a square of two rows', () => {
  expect(galleryOf([0.75, 0.75]).rows).toEqual([[0, 1]])
  expect(galleryOf([1.3, 1.3, 1.3, 1.3]).rows).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(galleryOf([4 / 3, 4 / 3]).rows).toEqual([[0, 1]])
})

test('no number of pictures makes a tower', () => {
  for (let count = 2; count <= 10; count++) {
    const { ratio } = galleryOf(Array.from({ length: count }, () => 0.6))
    expect(ratio).toBeGreaterThan(0.55)
  }
})
