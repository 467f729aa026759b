import type { ErrorData, default as HlsType } from 'hls.js'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { refreshSession } from '@/lib/refresh'
import type { Happening } from './control'
import { type Failure, nextAfter, untried } from './recovery'

/** Qualities to be had now. Heights are in pixels, the highest first. */
export interface Qualities {
  heights: readonly number[]
  /** Null: whatever the line and the size of the picture allow. */
  chosen: number | null
  playing: number | null
}

export interface Source {
  qualities: StoreApi<Qualities>
  choose(height: number | null): void
  /** Reads again what there is, at the same second: a quality has come. */
  renew(): void
  /** After it gave up. */
  retry(): void
  close(): void
}

type Tell = (event: Happening) => void

/**
 * A film's playlist, or a recording as it is, on a media element; `tell` hears of troubles that
 * nothing helps against. Throws where the library cannot be fetched.
 */
export async function openSource(
  media: HTMLMediaElement,
  url: string,
  tell: Tell,
): Promise<Source> {
  if (!url.endsWith('.m3u8')) return natively(media, url, tell)
  const { default: Hls } = await import('hls.js')
  // Without Media Source Extensions the browser itself knows HLS, or nobody does.
  return Hls.isSupported() ? throughHls(Hls, media, url, tell) : natively(media, url, tell)
}

function natively(media: HTMLMediaElement, url: string, tell: Tell): Source {
  const open = (at: number) => {
    media.src = url
    media.load()
    if (at > 0) media.currentTime = at
  }
  const failed = () => {
    const { code } = media.error ?? {}
    const away = code === MediaError.MEDIA_ERR_NETWORK
    const broken = code === MediaError.MEDIA_ERR_DECODE
    tell({ type: 'failed', trouble: away ? 'away' : broken ? 'broken' : 'unplayable' })
  }
  media.addEventListener('error', failed)
  open(0)
  return {
    qualities: createStore(() => ({ heights: [], chosen: null, playing: null })),
    choose: () => undefined,
    renew: () => undefined,
    retry: () => {
      tell({ type: 'opening' })
      open(media.currentTime)
    },
    close: () => {
      media.removeEventListener('error', failed)
      media.removeAttribute('src')
      media.load()
    },
  }
}

const BUFFERED_BEHIND = 60 // seconds
const refusals: readonly number[] = [401, 403, 404]

function throughHls(Hls: typeof HlsType, media: HTMLMediaElement, url: string, tell: Tell): Source {
  const hls = new Hls({
    // A worker would only unpack MPEG-TS, which we never make, and would want a looser policy.
    enableWorker: false,
    // A playlist that still grows is taken for a broadcast, which is joined at its end.
    startPosition: 0,
    capLevelToPlayerSize: true,
    backBufferLength: BUFFERED_BEHIND,
    // Subtitles are drawn by us: everybody has a size and an offset of their own.
    renderTextTracksNatively: false,
    enableWebVTT: false,
  })
  const qualities = createStore<Qualities>(() => ({ heights: [], chosen: null, playing: null }))
  let tries = untried
  let waiting: ReturnType<typeof setTimeout> | undefined
  let hasManifest = false

  // Sound and pictures fail together, and are healed together.
  let healing = false

  const load = () => {
    healing = false
    if (hasManifest) hls.startLoad()
    else hls.loadSource(url)
  }
  const failed = (failure: Failure) => {
    if (healing && failure.kind === 'network') return
    const now = Date.now()
    const [next, tried] = nextAfter(failure, tries, { now, chance: Math.random() })
    tries = tried
    clearTimeout(waiting)
    healing = next.do === 'reload' || next.do === 'renew'
    if (next.do === 'reload') waiting = setTimeout(load, next.after)
    else if (next.do === 'renew') void refreshSession(now).then(load)
    else if (next.do === 'recover') hls.recoverMediaError()
    else {
      hls.stopLoad()
      tell({ type: 'failed', trouble: next.trouble })
    }
  }
  const choose = (height: number | null) => {
    qualities.setState({ chosen: height })
    const index = hls.levels.findIndex((level) => level.height === height)
    // At once where somebody asked for it; of itself it changes between two segments.
    if (index >= 0) hls.currentLevel = index
    else hls.nextLevel = -1
  }

  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hasManifest = true
    const heights = [...new Set(hls.levels.map((level) => level.height))].sort((a, b) => b - a)
    qualities.setState({ heights })
    const { chosen } = qualities.getState()
    if (chosen !== null) choose(heights.includes(chosen) ? chosen : null)
  })
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => {
    qualities.setState({ playing: hls.levels[level]?.height ?? null })
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    tries = { ...tries, network: 0 }
  })
  hls.on(Hls.Events.ERROR, (_, data) => {
    // Of a refusal another quality is no way out.
    if (data.fatal || refusals.includes(data.response?.code ?? 0)) failed(failureOf(Hls, data))
  })
  hls.loadSource(url)
  hls.attachMedia(media)

  /** From the playlist on, at the same second, playing on if it played. */
  const again = () => {
    const played = !media.paused
    hasManifest = false
    hls.config.startPosition = media.currentTime
    hls.loadSource(url)
    if (played) hls.once(Hls.Events.MEDIA_ATTACHED, () => void media.play().catch(() => undefined))
  }
  return {
    qualities,
    choose,
    renew: again,
    retry: () => {
      tries = untried
      tell({ type: 'opening' })
      again()
    },
    close: () => {
      clearTimeout(waiting)
      hls.destroy()
    },
  }
}

function failureOf(Hls: typeof HlsType, data: ErrorData): Failure {
  if (data.type === Hls.ErrorTypes.NETWORK_ERROR) {
    return { kind: 'network', status: data.response?.code ?? 0 }
  }
  return data.type === Hls.ErrorTypes.MEDIA_ERROR ? { kind: 'media' } : { kind: 'other' }
}
