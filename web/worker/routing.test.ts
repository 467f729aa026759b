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
  ...[
    '/.well-known/security.txt',
    '/sw.js',
    '/files/a.png',
    '/media/ticket/1/2/original',
    'https://elsewhere.example/',
  ],
])('%s is the server’s to answer', (path) => expect(from(path)).toBe('network'))

test('files of the build come from the cache, whole and unchanged', () => {
  expect(from('/assets/index-1.js', { mode: 'cors' })).toBe('assets')
  expect(from('/theme.js', { mode: 'no-cors' })).toBe('/theme.js')
  expect(from('/assets/index-1.js', { partial: true })).toBe('network')
  expect(from('/assets/index-1.js', { method: 'HEAD' })).toBe('network')
})

test('small pictures are kept, whole ones and those of elsewhere are not', () => {
  const content = '/api/v1/rooms/1/files/2/content'
  const asked = { mode: 'no-cors' }
  expect(from(`${content}/thumb.webp`, asked)).toBe('pictures')
  expect(from(`${content}/original`, asked)).toBe('network')
  expect(from(`${content}/preview.webp`, asked)).toBe('network')
  expect(from(`${content}/hls/thumb.webp`, asked)).toBe('network')
  expect(from(`https://elsewhere.example${content}/thumb.webp`, asked)).toBe('network')
})

test('nothing else but pages and files of the build is ever answered', () => {
  expect(from('/api/v1/sync', { mode: 'cors' })).toBe('network')
  expect(from('/rooms', { mode: 'cors' })).toBe('network')
  expect(from('/rooms', { method: 'POST' })).toBe('network')
})
