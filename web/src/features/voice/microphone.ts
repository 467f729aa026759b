import type { Take, Why } from './recording-state'
import { inSteps, loudness, STEPS } from './waveform'

export const SAMPLE_MS = 60
/** As the server takes it. */
export const LONGEST_MS = 15 * 60_000
/** What there is of it is handed over so often: nothing is lost where the microphone goes. */
const SLICE_MS = 1_000

const kinds = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']

export const mayRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined

/** Asks for the microphone. Throws what `whyNot` explains. */
export const openMicrophone = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  })

export function whyNot(error: unknown): Why {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed'
}

export interface Heard {
  /** How far it is, and all its loudness. */
  tick(duration: number, wave: readonly number[]): void
  /** It ended by itself: stop it. */
  over(notice: 'longest' | 'unplugged'): void
}

export interface Microphone {
  pause(): void
  resume(): void
  /** Ends it; what was recorded, or null where that is nothing. */
  stop(): Promise<Take | null>
  /** Ends it and lets go of the device. */
  close(): void
}

/** Records a stream that `openMicrophone` gave. */
export function record(stream: MediaStream, heard: Heard): Microphone {
  const type = kinds.find((kind) => MediaRecorder.isTypeSupported(kind))
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {})
  const chunks: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size > 0) chunks.push(data)
  })
  const meter = measure(stream)
  const wave: number[] = []
  let before = 0
  let since: number | null = performance.now()
  const duration = () => before + (since === null ? 0 : performance.now() - since)

  const timer = setInterval(() => {
    if (since === null) return
    // A page in the background is called seldom: what was missed sounds like this.
    const loud = meter.loud()
    while (wave.length * SAMPLE_MS < duration()) wave.push(loud)
    heard.tick(duration(), [...wave])
    if (duration() >= LONGEST_MS) heard.over('longest')
  }, SAMPLE_MS)
  const [track] = stream.getAudioTracks()
  const unplugged = () => heard.over('unplugged')
  track?.addEventListener('ended', unplugged)
  recorder.start(SLICE_MS)

  function close(): void {
    clearInterval(timer)
    track?.removeEventListener('ended', unplugged)
    meter.close()
    for (const one of stream.getTracks()) one.stop()
  }

  return {
    pause: () => {
      before = duration()
      since = null
      if (recorder.state === 'recording') recorder.pause()
    },
    resume: () => {
      since = performance.now()
      if (recorder.state === 'paused') recorder.resume()
    },
    stop: async () => {
      const lasted = Math.max(1, Math.min(LONGEST_MS, Math.round(duration())))
      since = null
      if (recorder.state !== 'inactive') {
        const done = new Promise((resolve) => recorder.addEventListener('stop', resolve))
        recorder.stop()
        await done
      }
      close()
      // Without codecs: an upload's type is what a file's would be.
      const [media = 'audio/webm'] = (recorder.mimeType || type || '').split(';')
      const blob = new Blob(chunks, { type: media || 'audio/webm' })
      return blob.size === 0 ? null : { blob, duration_ms: lasted, waveform: inSteps(wave, STEPS) }
    },
    close: () => {
      if (recorder.state !== 'inactive') recorder.stop()
      close()
    },
  }
}

function measure(stream: MediaStream) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(stream).connect(analyser)
  if (context.state === 'suspended') void context.resume()
  const samples = new Float32Array(analyser.fftSize)
  return {
    loud: () => {
      analyser.getFloatTimeDomainData(samples)
      return loudness(samples)
    },
    close: () => void context.close(),
  }
}
