import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { useConnection } from '@/lib/connection'
import { useToasts } from '@/ui/toasts'
import { startWorker } from './updates'

class Worker extends EventTarget {
  state = 'installing'
  postMessage = vi.fn()
  becomes(state: string) {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

class Registration extends EventTarget {
  installing: Worker | null = null
  waiting: Worker | null = null
  update = vi.fn(async () => undefined)
  /** A new build arrives and waits. */
  brings(): Worker {
    const worker = new Worker()
    this.installing = worker
    this.dispatchEvent(new Event('updatefound'))
    this.waiting = worker
    worker.becomes('installed')
    return worker
  }
}

class Container extends EventTarget {
  registration = new Registration()
  register = vi.fn(async () => this.registration)
  constructor(public controller: Worker | null) {
    super()
  }
  changes() {
    this.registration.waiting = null
    this.dispatchEvent(new Event('controllerchange'))
  }
}

async function start(controller: Worker | null = new Worker()) {
  const [container, reload] = [new Container(controller), vi.fn()]
  await startWorker(container as unknown as ServiceWorkerContainer, reload)
  return { container, registration: container.registration, reload }
}

function look(visibility: 'hidden' | 'visible') {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility)
  document.dispatchEvent(new Event('visibilitychange'))
}

const offers = () => useToasts.getState().list.filter((toast) => toast.action)
const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000)

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  useToasts.setState({ list: [] })
  useConnection.setState({ state: 'online', queued: 0 })
  look('visible')
})

test('without workers, as on a plain http address, nothing happens', async () => {
  await startWorker(undefined, () => undefined)
  const container = new Container(null)
  container.register.mockRejectedValue(new Error('refused'))
  await startWorker(container as unknown as ServiceWorkerContainer, () => undefined)
  expect(offers()).toEqual([])
})

test('the first worker is no news', async () => {
  const { container, registration, reload } = await start(null)
  registration.brings()
  container.changes()
  expect(offers()).toEqual([])
  expect(reload).not.toHaveBeenCalled()
})

test('a new build is offered once, and comes at the press of the button', async () => {
  const { container, registration, reload } = await start()
  registration.brings()
  expect(offers()).toHaveLength(1)
  // A newer one takes its place before anybody pressed.
  const worker = registration.brings()
  expect(offers()).toHaveLength(1)
  expect(worker.postMessage).not.toHaveBeenCalled()
  offers()[0]?.action?.run()
  expect(worker.postMessage).toHaveBeenCalledWith('take-over')
  expect(reload).not.toHaveBeenCalled()
  container.changes()
  expect(reload).toHaveBeenCalledOnce()
})

test('a build that waited since the last visit is offered too', async () => {
  const container = new Container(new Worker())
  container.registration.waiting = new Worker()
  await startWorker(container as unknown as ServiceWorkerContainer, () => undefined)
  expect(offers()).toHaveLength(1)
})

test('comes by itself when nobody looks for a minute', async () => {
  const { registration } = await start()
  const worker = registration.brings()
  look('hidden')
  minutes(0.9)
  look('visible')
  minutes(2)
  expect(worker.postMessage).not.toHaveBeenCalled()
  look('hidden')
  minutes(1)
  expect(worker.postMessage).toHaveBeenCalledWith('take-over')
})

test('but not while words wait to be sent, or a form is half filled', async () => {
  const { registration } = await start()
  const worker = registration.brings()
  useConnection.setState({ queued: 1 })
  look('hidden')
  minutes(3)
  useConnection.setState({ queued: 0 })
  const field = document.body.appendChild(document.createElement('input'))
  onTestFinished(() => field.remove())
  field.focus()
  minutes(3)
  expect(worker.postMessage).not.toHaveBeenCalled()
  field.blur()
  minutes(1)
  expect(worker.postMessage).toHaveBeenCalledWith('take-over')
})

test('another tab that let it in does not take this one along', async () => {
  const { container, reload } = await start()
  container.changes()
  expect(reload).not.toHaveBeenCalled()
  offers()[0]?.action?.run()
  expect(reload).toHaveBeenCalledOnce()
})

test('asks for a new build when the server is back, and when the page is looked at again', async () => {
  const { registration } = await start()
  useConnection.setState({ state: 'connecting' })
  useConnection.setState({ state: 'online' })
  expect(registration.update).toHaveBeenCalledTimes(1)
  look('hidden')
  look('visible')
  expect(registration.update).toHaveBeenCalledTimes(1)
  minutes(61)
  look('hidden')
  look('visible')
  expect(registration.update).toHaveBeenCalledTimes(2)
})
