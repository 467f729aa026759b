import { create } from 'zustand'

/** Whose card is open: any screen opens it, `features/people` draws it. */
export interface OpenCard {
  accountId: string | null
  groupId: string | null
  /** What was pressed: the card stands beside it, where there is room. */
  anchor: HTMLElement | null
}

const closed: OpenCard = { accountId: null, groupId: null, anchor: null }

export const usePersonCard = create<OpenCard>()(() => closed)

export const openPerson = (accountId: string, anchor: HTMLElement | null = null) =>
  usePersonCard.setState({ ...closed, accountId, anchor })

/** Who stands behind an `@handle`. */
export const openGroup = (groupId: string, anchor: HTMLElement | null = null) =>
  usePersonCard.setState({ ...closed, groupId, anchor })

export const closeCard = () => usePersonCard.setState(closed)
