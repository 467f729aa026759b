import { createContext, use } from 'react'

/** Where menus and tooltips hang. Inside an open <dialog> it is the dialog itself: everything
 * outside lies beneath the top layer and cannot be reached. */
export const PortalHost = createContext<HTMLElement | null>(null)

/** For Radix's `container`, which wants `undefined` rather than null. */
export const usePortalHost = (): HTMLElement | undefined => use(PortalHost) ?? undefined
