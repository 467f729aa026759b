import { expect, it, vi } from 'vitest'
import type { Command } from './control'
import { createStage } from './stage'

/** As much of a media element as a stage asks of one. */
function element() {
  const media = document.createElement('video')
  vi.spyOn(media, 'play').mockImplementation(async () => {
    media.dispatchEvent(new Event('play'))
  })
  vi.spyOn(media, 'pause').mockImplementation(() => {
    media.dispatchEvent(new Event('pause'))
  })
  return media
}

it('tells who commanded what, so that an engine does not hear itself', () => {
  const stage = createStage(element(), { duration: 60 })
  const heard: [Command['do'], string][] = []
  stage.listen((command, by) => heard.push([command.do, by]))
  stage.run({ do: 'play' })
  stage.run({ do: 'seek', to: 12 }, 'engine')
  stage.run({ do: 'play' })
  expect(heard).toEqual([
    ['play', 'viewer'],
    ['seek', 'engine'],
  ])
  expect(stage.store.getState()).toMatchObject({ paused: false, position: 12 })
})

it('asks instead, where somebody else decides; the engine is obeyed', () => {
  const ask = vi.fn()
  const media = element()
  const stage = createStage(media, { duration: 60, ask })
  stage.run({ do: 'play' })
  expect(ask).toHaveBeenCalledWith({ do: 'play' })
  expect(media.play).not.toHaveBeenCalled()
  stage.run({ do: 'play' }, 'engine')
  expect(media.play).toHaveBeenCalledOnce()
})

it('hears nothing any more once it is closed', () => {
  const media = element()
  const stage = createStage(media, { duration: 60 })
  stage.close()
  media.dispatchEvent(new Event('play'))
  expect(stage.store.getState().paused).toBe(true)
})
