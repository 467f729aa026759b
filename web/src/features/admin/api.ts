import { http } from '@/lib/http'
import type { ChangeGroup, CreateGroup, GroupDetail, GroupList } from '@/wire/groups'
import type { JobList, JobRecord, JobState } from '@/wire/operations'

export const jobs = (kind: string | null, which: JobState | null, cursor: string | null) =>
  http<JobList>('GET', 'admin/jobs', { query: { kind, which, cursor } })

export const retryJob = (jobId: string) => http<JobRecord>('POST', `admin/jobs/${jobId}/retry`)

export const cancelJob = (jobId: string) => http<JobRecord>('POST', `admin/jobs/${jobId}/cancel`)

export const groups = () => http<GroupList>('GET', 'groups')

export const group = (groupId: string) => http<GroupDetail>('GET', `groups/${groupId}`)

export const createGroup = (body: CreateGroup) => http<GroupDetail>('POST', 'groups', { body })

export const changeGroup = (groupId: string, body: ChangeGroup) =>
  http<GroupDetail>('PATCH', `groups/${groupId}`, { body })

export const deleteGroup = (groupId: string) => http<void>('DELETE', `groups/${groupId}`)
