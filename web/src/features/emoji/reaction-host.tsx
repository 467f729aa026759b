import { useStore } from 'zustand'
import { later } from '@/lib/later'
import { useReactionTools } from './reactions-context'

const ReactionPicker = later(async () => (await import('./reaction-picker')).ReactionPicker)
const PeopleDialog = later(async () => (await import('./people-dialog')).PeopleDialog)

/** One picker and one list of people for all messages. */
export function ReactionHost() {
  const { opened } = useReactionTools()
  const now = useStore(opened, (state) => state.now)
  if (!now) return null
  const close = () => {
    opened.setState({ now: null })
    const back = now.back?.isConnected ? now.back : null
    requestAnimationFrame(() => back?.focus())
  }
  return now.what === 'picker' ? (
    <ReactionPicker message={now.message} at={now.at} close={close} />
  ) : (
    <PeopleDialog message={now.message} close={close} />
  )
}
