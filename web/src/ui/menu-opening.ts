import { type RefObject, useState } from 'react'

/** Where a menu hangs: a button, or the point that was pressed. */
export interface Anchor {
  getBoundingClientRect(): DOMRect
}

interface State {
  open: boolean
  anchor: RefObject<Anchor | null> | null
  /** Then the first item has the focus from the start. */
  byKeys: boolean
  /** Each opening hangs where it was asked for. */
  times: number
}

const never: State = { open: false, anchor: null, byKeys: false, times: 0 }

/** Whether and where a menu is open. `wanted` stays, or the focus would not find its way back. */
export function useOpening() {
  const [state, setState] = useState(never)
  const close = () => setState((was) => ({ ...was, open: false }))
  return {
    open: state.open,
    wanted: state.anchor !== null,
    close,
    at: (anchor: RefObject<Anchor | null>, byKeys: boolean) =>
      setState(({ times }) => ({ open: true, anchor, byKeys, times: times + 1 })),
    /** The key of what is shown. */
    times: state.times,
    props: {
      open: state.open,
      anchor: state.anchor ?? { current: null },
      byKeys: state.byKeys,
      onClose: close,
    },
  }
}
