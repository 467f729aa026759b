import type { Attempt } from './carrier'
import type { Kept } from './kept'

/** One upload that this tab works on, or would if another one did not. */
export interface Task {
  kept: Kept
  /** Null after a reload, where the file was too large to be kept. */
  blob: Blob | null
  attempt: Attempt | null
  ended: boolean
  pause(): void
  /** Go on: after a pause, a failure, or with a file that was chosen again. */
  go(): void
  /** Do not wait any longer: the network is back. */
  hurry(): void
  end(): void
  /** Until somebody wants it to go on, or after `ms` where given. */
  rest(sleep?: (wake: () => void) => () => void): Promise<void>
}

export function newTask(kept: Kept, blob: Blob | null): Task {
  let wake = () => {}
  let waitsForMore = false
  const task: Task = {
    kept,
    blob,
    attempt: null,
    ended: false,
    pause() {
      task.kept = { ...task.kept, paused: true }
      task.attempt?.stop()
      wake()
    },
    go() {
      task.kept = { ...task.kept, paused: false }
      wake()
    },
    hurry() {
      if (!waitsForMore) wake()
    },
    end() {
      task.ended = true
      task.attempt?.stop()
      wake()
    },
    rest(sleep) {
      return new Promise((resolve) => {
        waitsForMore = sleep === undefined
        const callOff = sleep?.(() => wake())
        wake = () => {
          callOff?.()
          wake = () => {}
          resolve()
        }
      })
    },
  }
  return task
}
