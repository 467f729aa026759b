import { expect, test } from 'vitest'
import { answerFor } from './routing'

const HERE = 'https://chat.example.org'
const shell = new Set(['/index.html', '/theme.js', '/favicon.svg'])

function from(path: string, more: { method?: string; mode?: string; partial?: boolean } = {}) {
  const asked = { method: 'GET', mode: 'navigate', partial: false, ...more }
  const answer = answerFor({ ...asked, url: new URL(path, HERE) }, HERE, shell)
  return answer.from === 'shell' ? answer.path : answer.from
}

test.each(['/', '/rooms', '/rooms/42?at=7', '/settings/sessions', '/invite/a.b-c', '/apiary'])(
  '%s is the page',
  (path) => expect(from(path)).toBe('/index.html'),
)

test.each([
  ...['/api/v1/me', '/api/docs', '/api', '/socket.io/?EIO=4', '/healthz', '/readyz', '/metrics'],
  ...['/.well-known/security.txt', '/sw.js', '/files/a.png', 'https://elsewhere.example/'],
])('%s is the server’s to answer', (path) => expect(from(path)).toBe('network'))

test('files of the build come from the cache, whole and unchanged', () => {
  expect(from('/assets/index-1.js', { mode: 'cors' })).toBe('assets')
  expect(from('/theme.js', { mode: 'no-cors' })).toBe('/theme.js')
  expect(from('/assets/index-1.js', { partial: true })).toBe('network')
  expect(from('/assets/index-1.js', { method: 'HEAD' })).toBe('network')
})

test('nothing but pages and files of the build is ever answered', () => {
  expect(from('/api/v1/sync', { mode: 'cors' })).toBe('network')
  expect(from('/rooms', { mode: 'cors' })).toBe('network')
  expect(from('/rooms', { method: 'POST' })).toBe('network')
})
