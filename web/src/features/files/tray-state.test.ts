import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Attached, Upload } from '@/lib/uploads'
import { fitting, MOST_FILES, moved, progressOf, without } from './tray-state'

const attached = (upload: string, fields: Partial<Attached> = {}): Attached => ({
  upload,
  file_id: null,
  alt: '',
  name: `${upload}.png`,
  size: 100,
  media_type: 'image/png',
  ...fields,
})

const upload = (id: string, fields: Partial<Upload> = {}): Upload => ({
  id,
  room_id: 'green',
  name: `${id}.png`,
  size: 100,
  media_type: 'image/png',
  sent: 0,
  speed: null,
  state: 'running',
  file_id: null,
  error: null,
  ...fields,
})

const trays = fc
  .uniqueArray(fc.string({ minLength: 1 }), { maxLength: MOST_FILES })
  .map((ids) => ids.map((id) => attached(id)))

test('however they are added, moved and removed, a tray never holds more than one message takes', () => {
  const deed = fc.oneof(
    fc.record({ do: fc.constant('add' as const), count: fc.nat(14) }),
    fc.record({ do: fc.constant('move' as const), at: fc.nat(12), to: fc.integer() }),
    fc.record({ do: fc.constant('remove' as const), at: fc.nat(12) }),
  )
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      let files: readonly Attached[] = []
      const there = new Set<string>()
      let n = 0
      for (const one of deeds) {
        if (one.do === 'add') {
          const coming = Array.from({ length: one.count }, () => attached(`f${++n}`))
          const { taken, left } = fitting(files.length, coming)
          expect(taken.length + left).toBe(coming.length)
          files = [...files, ...taken]
          for (const file of taken) there.add(file.upload)
        } else {
          const id = files[one.at]?.upload ?? 'nobody'
          if (one.do === 'move') files = moved(files, id, one.to)
          else {
            files = without(files, id)
            there.delete(id)
          }
        }
        expect(files.length).toBeLessThanOrEqual(MOST_FILES)
        expect(new Set(files.map((file) => file.upload))).toEqual(there)
      }
    }),
  )
})

test('a file moved lands where it was put, and the others keep their order', () => {
  fc.assert(
    fc.property(trays, fc.nat(), fc.integer({ min: -3, max: 15 }), (files, pick, to) => {
      fc.pre(files.length > 0)
      const file = files[pick % files.length] as Attached
      const next = moved(files, file.upload, to)
      expect(next.indexOf(file)).toBe(Math.min(files.length - 1, Math.max(0, to)))
      expect(without(next, file.upload)).toEqual(without(files, file.upload))
    }),
  )
})

test('what is on the server counts whole, what failed is named, what nobody knows counts nothing', () => {
  const files = [attached('a', { file_id: 'f' }), attached('b'), attached('c'), attached('d')]
  const all = {
    b: upload('b', { sent: 50, speed: 10 }),
    c: upload('c', { state: 'failed', error: { code: 'too_large' } }),
  }
  const progress = progressOf(files, all)
  expect(progress.part).toBeCloseTo(150 / 400)
  expect(progress.waiting).toBe(3)
  expect(progress.speed).toBe(10)
  expect(progress.failed.map(({ id }) => id)).toEqual(['c'])
})

test('nothing attached is nothing to wait for; an empty file still is', () => {
  expect(progressOf([], {}).part).toBe(1)
  expect(progressOf([attached('a', { size: 0 })], {}).part).toBe(0)
})
