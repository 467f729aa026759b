import { useSyncExternalStore } from 'react'

/** As `wide:` in the styles. */
const WIDE = '(min-width: 48.0625rem)'

const listen = (changed: () => void) => {
  const query = matchMedia(WIDE)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** Is there more than one pane? */
export const useWide = () => useSyncExternalStore(listen, () => matchMedia(WIDE).matches)
