import { useEffect } from 'react'
import { useAttention } from './attention'

/** Names the place in front for the window's title, while the component lives. */
export function usePageTitle(title: string | null): void {
  useEffect(() => {
    useAttention.setState({ place: title })
    return () => useAttention.setState({ place: null })
  }, [title])
}
