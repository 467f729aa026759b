import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Attached, Uploads } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { useToasts } from '@/ui/toasts'
import { begin, discard, finish, goOn, pause, send } from './recording'
import { useRecording } from './recording-state'

/** As much of a browser as records: a track that can be pulled out, chunks, a meter. */
class FakeRecorder extends EventTarget {
  static isTypeSupported = (type: string) => type.startsWith('audio/mp4')
  state = 'inactive'
  mimeType = 'audio/mp4;codecs=mp4a'
  start() {
    this.state = 'recording'
  }
  pause() {
    this.state = 'paused'
  }
  resume() {
    this.state = 'recording'
  }
  stop() {
    this.state = 'inactive'
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['sound']) }))
    this.dispatchEvent(new Event('stop'))
  }
}

const track = Object.assign(new EventTarget(), { stop: vi.fn() })
const stream = { getTracks: () => [track], getAudioTracks: () => [track] }
const getUserMedia = vi.fn(async () => stream)
const meter = { fftSize: 0, getFloatTimeDomainData: (into: Float32Array) => into.fill(0.5) }

beforeEach(() => {
  vi.useFakeTimers()
  getUserMedia.mockClear()
  track.stop.mockClear()
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal(
    'AudioContext',
    class {
      state = 'running'
      createAnalyser = () => meter
      createMediaStreamSource = () => ({ connect: () => undefined })
      close = async () => undefined
    },
  )
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } })
  URL.createObjectURL = () => 'blob:here'
  URL.revokeObjectURL = () => undefined
})

afterEach(async () => {
  await discard()
  useToasts.setState({ list: [] })
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const now = () => useRecording.getState().now

function outbox() {
  const said: { roomId: string; thread: string | null; voice: Attached }[] = []
  const words = {
    speak: (roomId: string, _reply: string | null, thread: string | null, voice: Attached) =>
      said.push({ roomId, thread, voice }),
  }
  const files: File[] = []
  const uploads = { add: (_roomId: string, file: File) => `upload ${files.push(file)}` }
  return {
    said,
    files,
    engine: { words } as unknown as Engine,
    open: async () => uploads as unknown as Uploads,
  }
}

test('what is said goes to the outbox with its length and its wave, and the microphone goes off', async () => {
  const { said, files, engine, open } = outbox()
  await begin('room', 'root', false)
  vi.advanceTimersByTime(2_000)
  pause()
  vi.advanceTimersByTime(5_000)
  expect(now()).toMatchObject({ phase: 'paused', duration_ms: expect.closeTo(2_000, -2) })
  goOn()
  vi.advanceTimersByTime(1_000)
  expect(await send(engine, open, null)).toBe(true)
  const [one] = said
  expect(one).toMatchObject({ roomId: 'room', thread: 'root' })
  expect(one?.voice.voice?.duration_ms).toBeCloseTo(3_000, -2)
  expect(one?.voice.voice?.waveform.every((loud) => loud > 80)).toBe(true)
  expect(files[0]?.type).toBe('audio/mp4')
  expect(files[0]?.name).toMatch(/^voice-.*\.m4a$/)
  expect(track.stop).toHaveBeenCalled()
  expect(now()).toBeNull()
})

test('a slip of the finger says nothing', async () => {
  const { said, engine, open } = outbox()
  await begin('room', null, true)
  vi.advanceTimersByTime(200)
  expect(await send(engine, open, null)).toBe(false)
  expect(said).toEqual([])
  expect(useToasts.getState().list).toHaveLength(1)
})

test('without what sends files the recording stays', async () => {
  const { said, engine } = outbox()
  await begin('room', null, false)
  vi.advanceTimersByTime(2_000)
  const sent = await send(engine, () => Promise.reject(new Error('away')), null)
  expect([sent, said, now()?.phase]).toEqual([false, [], 'recorded'])
})

test('a microphone that is pulled out ends it, and what was said is kept', async () => {
  await begin('room', null, true)
  vi.advanceTimersByTime(2_000)
  track.dispatchEvent(new Event('ended'))
  await vi.waitFor(() => expect(now()?.notice).toBe('unplugged'))
  expect(now()).toMatchObject({ phase: 'recorded', held: false })
  expect(now()?.take?.blob.size).toBeGreaterThan(0)
})

test('it ends by itself when it is as long as may be', async () => {
  await begin('room', null, false)
  vi.advanceTimersByTime(15 * 60_000 + 200)
  await vi.waitFor(() => expect(now()?.notice).toBe('longest'))
  expect(now()?.take?.duration_ms).toBe(15 * 60_000)
  expect(now()?.take?.waveform).toHaveLength(128)
})

test('what lasted longer can be had back', async () => {
  await begin('room', null, false)
  vi.advanceTimersByTime(4_000)
  await discard()
  expect(now()).toBeNull()
  useToasts.getState().list[0]?.action?.run()
  expect(now()).toMatchObject({ phase: 'recorded', roomId: 'room' })
})

test('of two recordings the first stays', async () => {
  await begin('room', null, false)
  await begin('another', null, false)
  expect(now()?.roomId).toBe('room')
  expect(getUserMedia).toHaveBeenCalledTimes(1)
})

test.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'none'],
  ['NotReadableError', 'busy'],
])('%s is explained', async (name, why) => {
  getUserMedia.mockRejectedValueOnce(new DOMException('no', name))
  await begin('room', null, true)
  expect(now()).toMatchObject({ phase: 'refused', why, held: false })
})

test('a page without leave to record says so', async () => {
  vi.stubGlobal('navigator', {})
  await begin('room', null, true)
  expect(now()).toMatchObject({ phase: 'refused', why: 'insecure' })
})

test('who takes it back before the microphone is there is not heard', async () => {
  const begun = begin('room', null, false)
  await discard()
  await begun
  expect(now()).toBeNull()
  expect(track.stop).toHaveBeenCalled()
})

test('ended twice it is one recording', async () => {
  await begin('room', null, false)
  vi.advanceTimersByTime(1_000)
  const [one, other] = await Promise.all([finish(), finish()])
  expect(one ?? other).not.toBeNull()
  expect(now()?.take).not.toBeNull()
})
