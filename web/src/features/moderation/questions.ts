import { create } from 'zustand'

/** A message that is to go: the dialog is drawn once, beside the rooms. */
export interface Question {
  roomId: string
  messageId: string
}

export const useQuestion = create<{ question: Question | null }>()(() => ({ question: null }))

export const askRemove = (question: Question | null) => useQuestion.setState({ question })
