import type { Role } from '@/wire/rooms'
import type { TimelineMessage } from '@/wire/timeline'

/** My choices after pressing one: pressed again it is taken back. */
export function votesAfter(mine: readonly number[], choice: number, multiple: boolean): number[] {
  if (mine.includes(choice)) return mine.filter((one) => one !== choice)
  return multiple ? [...mine, choice].sort((a, b) => a - b) : [choice]
}

/** How many chose each answer, with my wish in place of my vote. */
export function shares(
  { body, poll, my_votes }: Pick<TimelineMessage, 'body' | 'poll' | 'my_votes'>,
  mine: readonly number[],
): { counts: number[]; voters: number } {
  const options = body.kind === 'poll' ? body.options : []
  const counts = options.map(
    (_, at) => (poll?.counts[at] ?? 0) + Number(mine.includes(at)) - Number(my_votes.includes(at)),
  )
  const voters = (poll?.voters ?? 0) + Number(mine.length > 0) - Number(my_votes.length > 0)
  return { counts, voters }
}

/** The server's rule: its author, or who keeps order. */
export const mayClose = (own: boolean, role: Role) =>
  own || role === 'owner' || role === 'moderator'
