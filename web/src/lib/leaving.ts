/** True if the person may go, after having been asked where something would be lost. */
type Question = () => Promise<boolean>

const questions = new Set<Question>()

/** Asks before this account is signed out here. Returns the way to stop asking. */
export function beforeSignOut(question: Question): () => void {
  questions.add(question)
  return () => questions.delete(question)
}

/** Every question in turn; the first "no" ends it. */
export async function mayLeave(): Promise<boolean> {
  for (const question of questions) if (!(await question())) return false
  return true
}
