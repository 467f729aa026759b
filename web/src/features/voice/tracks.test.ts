import { expect, test } from 'vitest'
import type { File } from '@/wire/files'
import type { VoiceBody } from '@/wire/messages'
import { nameRecording } from './own-recordings'
import { recordedOf } from './tracks'

const body: VoiceBody = {
  kind: 'voice',
  duration_ms: 3_000,
  waveform: [1, 2],
  file_id: 'f',
  mime_type: 'audio/webm',
  size: null,
  text: '',
}
const file = (fields: Partial<File>): File => ({
  id: 'f',
  room_id: 'r',
  account_id: 'a',
  name: 'voice.webm',
  size: 10,
  media_type: 'audio/webm',
  state: 'ready',
  scan: 'clean',
  look: null,
  message_id: 'm',
  created_at: '2026-11-21T12:00:00Z',
  ...fields,
})
const of = (files: File[], said = body) => recordedOf({ id: 'm', room_id: 'r', files, body: said })

test('what was looked at is played from the server, and its own length counts', () => {
  const look = {
    width: null,
    height: null,
    animated: false,
    duration_ms: 3_400,
    placeholder: null,
    renditions: [],
    waveform: [9, 8, 7],
  }
  expect(of([file({ look })])).toEqual({
    duration_ms: 3_400,
    waveform: [9, 8, 7],
    src: '/api/v1/rooms/r/files/f/content/original',
    silence: null,
  })
  expect(of([file({})]).duration_ms).toBe(3_000)
})

test('what cannot be played says why', () => {
  expect(of([file({ state: 'checking' })]).silence).toBe('checking')
  expect(of([file({ state: 'infected' })]).silence).toBe('infected')
  expect(of([file({ state: 'failed' })]).silence).toBe('damaged')
  expect(of([file({ media_type: 'application/pdf' })]).silence).toBe('damaged')
  expect(of([]).silence).toBe('missing')
  expect(of([], { ...body, file_id: null }).silence).toBe('missing')
})

test('my own without its bytes here waits like any other', () => {
  nameRecording('upload', 'f')
  expect(of([file({ state: 'checking' })]).silence).toBe('checking')
})
