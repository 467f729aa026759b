import { beforeEach, expect, test, vi } from 'vitest'
import { forgetPictures, ownPictures } from './pictures'

const deleted = vi.fn(async () => true)

beforeEach(() => {
  localStorage.clear()
  deleted.mockClear()
  vi.stubGlobal('caches', { delete: deleted })
})

test('what another person left behind goes, what one saw oneself stays', async () => {
  await ownPictures('ana')
  expect(deleted).toHaveBeenCalledTimes(1)
  await ownPictures('ana')
  expect(deleted).toHaveBeenCalledTimes(1)
  await ownPictures('bo')
  expect(deleted).toHaveBeenCalledTimes(2)
})

test('signed out, nothing stays, and the next one begins anew', async () => {
  await ownPictures('ana')
  await forgetPictures()
  expect(deleted).toHaveBeenCalledTimes(2)
  expect(localStorage.length).toBe(0)
})

test('a browser that keeps nothing is no trouble', async () => {
  vi.stubGlobal('caches', undefined)
  Reflect.deleteProperty(globalThis, 'caches')
  await expect(forgetPictures()).resolves.toBeUndefined()
})
