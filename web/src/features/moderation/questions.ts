import { create } from 'zustand'

/** What is being asked about a message: the dialogs are drawn once, beside the rooms. */
export interface Question {
  ask: 'report' | 'remove'
  roomId: string
  messageId: string
}

export const useQuestion = create<{ question: Question | null }>()(() => ({ question: null }))

export const askAbout = (question: Question | null) => useQuestion.setState({ question })
