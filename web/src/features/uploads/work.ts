import { refreshSession } from '@/lib/refresh'
import type { Upload } from '@/lib/uploads'
import { doubling } from '@/sync/backoff'
import type { Clock } from '@/sync/ports'
import type { Carrier } from './carrier'
import type { Keep, Kept } from './kept'
import { speedometer } from './speed'
import type { Task } from './task'
import type { Outcome } from './trouble'
import type { Turns } from './turns'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

interface Parts {
  carrier: Carrier
  keep: Keep
  clock: Clock
  line: Turns
  show(id: string, change: Partial<Upload>): void
  /** Milliseconds between two signs of progress. */
  every: number
}

/** Works on one upload until it is done, or nobody wants it any more. */
export async function drive(task: Task, parts: Parts): Promise<void> {
  const { keep, clock, line, show } = parts
  const { id } = task.kept
  // Another tab may have worked on it while this one waited.
  const before = await keep.get(id)
  if (before) task.kept = { ...before, paused: task.kept.paused }
  let failures = 0
  while (!task.ended) {
    if (task.kept.file_id !== null) {
      show(id, { state: 'done', sent: task.kept.size, speed: null, file_id: task.kept.file_id })
      return
    }
    if (task.kept.paused) {
      await remember(task, parts, {})
      show(id, { state: 'paused', speed: null })
      await task.rest()
      continue
    }
    if (!task.blob) {
      show(id, { state: 'failed', speed: null, error: { code: 'file_needed' } })
      await task.rest()
      continue
    }
    show(id, { state: 'waiting', speed: null, error: null })
    const give = await line.take()
    const sentBefore = progress(task)
    let outcome: Outcome = { kind: 'stopped' }
    try {
      if (!task.ended && !task.kept.paused) outcome = await once(task, task.blob, parts)
    } finally {
      give()
    }
    if (outcome.kind === 'done') {
      await remember(task, parts, { file_id: outcome.fileId })
    } else if (outcome.kind === 'failed') {
      show(id, { state: 'failed', speed: null, error: outcome.error })
      failures = 0
      await task.rest()
    } else if (outcome.kind === 'again') {
      failures = progress(task) > sentBefore ? 0 : failures + 1
      show(id, { state: 'waiting', speed: null })
      if (outcome.signIn) await refreshSession()
      const pause = doubling(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, clock.random())
      const wait = Math.max(pause, (outcome.after ?? 0) * 1000)
      await task.rest((wake) => clock.after(wait, wake))
    }
  }
}

const reached = new WeakMap<Task, number>()
const progress = (task: Task) => reached.get(task) ?? 0

async function once(task: Task, blob: Blob, parts: Parts): Promise<Outcome> {
  const { carrier, clock, show, every } = parts
  const { id, room_id, name, media_type, url } = task.kept
  const speed = speedometer()
  let shownAt = Number.NEGATIVE_INFINITY
  show(id, { state: 'running' })
  task.attempt = carrier.send({
    blob,
    roomId: room_id,
    name,
    mediaType: media_type,
    url,
    onUrl: (url) => {
      if (url !== task.kept.url) void remember(task, parts, { url })
    },
    onProgress: (sent) => {
      const now = clock.now()
      const current = speed.at(now, sent)
      reached.set(task, sent)
      if (now - shownAt < every && sent < blob.size) return
      shownAt = now
      show(id, { sent, speed: current })
    },
  })
  try {
    return await task.attempt.outcome
  } finally {
    task.attempt = null
  }
}

async function remember(task: Task, { keep }: Parts, change: Partial<Kept>): Promise<void> {
  task.kept = { ...task.kept, ...change }
  // What was cancelled meanwhile must not come back.
  if (!task.ended) await keep.put(task.kept)
}
