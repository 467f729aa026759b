import { queryOptions } from '@tanstack/react-query'
import { fetchDevices, fetchInvite, fetchServer } from './api'

export const serverQuery = queryOptions({ queryKey: ['server'], queryFn: fetchServer })

export const devicesQuery = queryOptions({ queryKey: ['devices'], queryFn: fetchDevices })

export const inviteQuery = (code: string) =>
  queryOptions({ queryKey: ['invite', code], queryFn: () => fetchInvite(code) })
