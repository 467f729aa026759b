import { create } from 'zustand'
import { usePreferences } from '@/lib/preferences'
import { sounding } from '@/lib/sounding'

/** Something to be heard. */
export interface Track {
  /** The message's id, or whatever else it is called while it is none. */
  key: string
  src: string
  /** Where it was said, and by whom: for the keys and the lock screen. */
  title: string
  artist: string
  duration_ms: number
  /** It began to sound. */
  started?: () => void
  /** What sounds behind it. */
  next?: () => Track | null
}

interface Playing {
  key: string | null
  is: 'playing' | 'paused' | 'loading' | 'failed'
  at_ms: number
}

export const usePlaying = create<Playing>()(() => ({ key: null, is: 'paused', at_ms: 0 }))

export const speeds = [1, 1.5, 2] as const

let audio: HTMLAudioElement | null = null
let track: Track | null = null
/** Where each stood when another one was played, in ms. */
const places = new Map<string, number>()

function element(): HTMLAudioElement {
  if (audio) return audio
  const made = new Audio()
  made.preload = 'auto'
  sounding(made)
  const set = (fields: Partial<Playing>) => usePlaying.setState(fields)
  made.addEventListener('playing', () => {
    set({ is: 'playing' })
    track?.started?.()
  })
  made.addEventListener('pause', () => set({ is: 'paused' }))
  made.addEventListener('waiting', () => set({ is: 'loading' }))
  made.addEventListener('timeupdate', () => {
    if (track && Number.isFinite(made.duration)) set({ at_ms: made.currentTime * 1000 })
  })
  made.addEventListener('error', () => {
    if (track && made.src !== '') set({ is: 'failed' })
  })
  made.addEventListener('ended', ended)
  audio = made
  return made
}

function ended(): void {
  const following = track?.next?.() ?? null
  if (track) places.delete(track.key)
  usePlaying.setState({ is: 'paused', at_ms: 0 })
  if (following) void play(following)
}

/** Plays from where it stood, or from `from_ms`. Whatever else sounds stops. */
export async function play(wanted: Track, from_ms?: number): Promise<void> {
  const media = element()
  const isNew = track?.key !== wanted.key || usePlaying.getState().is === 'failed'
  if (track && isNew) places.set(track.key, usePlaying.getState().at_ms)
  const at = from_ms ?? (isNew ? (places.get(wanted.key) ?? 0) : null)
  track = wanted
  if (isNew) {
    usePlaying.setState({ key: wanted.key, is: 'loading', at_ms: at ?? 0 })
    media.src = wanted.src
    await ready(media)
    if (track !== wanted) return
  }
  if (at !== null) media.currentTime = at / 1000
  media.playbackRate = usePreferences.getState().voiceSpeed
  tellSystem(wanted)
  try {
    await media.play()
  } catch {
    // Refused or gone: the element says so by its own events.
  }
}

/**
 * Waits until its places can be reached. What browsers record does not say how long it is: it is
 * asked for its far end once, and then it knows.
 */
function ready(media: HTMLAudioElement): Promise<void> {
  return new Promise((resolve) => {
    const known = () => {
      if (!Number.isFinite(media.duration)) {
        media.currentTime = 1e6
        return
      }
      media.removeEventListener('loadedmetadata', known)
      media.removeEventListener('durationchange', known)
      media.removeEventListener('error', failed)
      media.currentTime = 0
      resolve()
    }
    const failed = () => {
      media.removeEventListener('loadedmetadata', known)
      media.removeEventListener('durationchange', known)
      media.removeEventListener('error', failed)
      resolve()
    }
    media.addEventListener('loadedmetadata', known)
    media.addEventListener('durationchange', known)
    media.addEventListener('error', failed)
  })
}

export const pausePlaying = (): void => audio?.pause()

export function toggle(wanted: Track): void {
  const { key, is } = usePlaying.getState()
  if (key === wanted.key && (is === 'playing' || is === 'loading')) pausePlaying()
  else void play(wanted)
}

/** To a place of it, whether it sounds or not. */
export function seek(wanted: Track, at_ms: number): void {
  const place = Math.min(Math.max(0, at_ms), Math.max(0, wanted.duration_ms - 50))
  if (track?.key !== wanted.key) {
    void play(wanted, place)
    return
  }
  element().currentTime = place / 1000
  usePlaying.setState({ at_ms: place })
}

/** Another speed for all there is to hear; remembered. */
export function setSpeed(speed: (typeof speeds)[number]): void {
  usePreferences.setState({ voiceSpeed: speed })
  if (audio) audio.playbackRate = speed
}

/** For media keys, headsets and the lock screen. */
function tellSystem({ title, artist }: Track): void {
  const session = navigator.mediaSession
  if (!session || typeof MediaMetadata === 'undefined') return
  session.metadata = new MediaMetadata({ title, artist })
  const step = (by: number) => () => {
    if (track) seek(track, usePlaying.getState().at_ms + by)
  }
  session.setActionHandler('play', () => {
    if (track) void play(track)
  })
  session.setActionHandler('pause', pausePlaying)
  session.setActionHandler('seekbackward', step(-5_000))
  session.setActionHandler('seekforward', step(5_000))
}
