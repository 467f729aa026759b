import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { setLocale } from '@/i18n/locale'
import 'fake-indexeddb/auto'

setLocale('en')

afterEach(() => {
  cleanup()
  localStorage.clear()
})
