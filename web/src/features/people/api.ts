import { http } from '@/lib/http'
import type { ChangePrivacy, Circle, CircleList, Privacy } from '@/wire/people'
import type { PersonCard } from '@/wire/presence'

export const circle = () => http<CircleList>('GET', 'me/circle')
export const card = (id: string) => http<PersonCard>('GET', `people/${id}/card`)
export const request = (account_id: string) =>
  http<Circle>('POST', 'contacts', { body: { account_id } })
export const accept = (id: string) => http<Circle>('POST', `contacts/${id}/accept`)
export const drop = (id: string) => http<void>('DELETE', `contacts/${id}`)
export const block = (id: string) => http<void>('PUT', `blocks/${id}`)
export const unblock = (id: string) => http<void>('DELETE', `blocks/${id}`)
export const changePrivacy = (body: ChangePrivacy) => http<Privacy>('PATCH', 'me/privacy', { body })
