import { create } from 'zustand'

/** Whose card is open: any screen opens it, `features/people` draws it. */
export const usePersonCard = create<{ accountId: string | null }>()(() => ({ accountId: null }))

export const openPerson = (accountId: string | null) => usePersonCard.setState({ accountId })
