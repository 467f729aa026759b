import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Tabs } from '@/ui/Tabs'
import type { Which } from './api'
import { AuditList } from './audit-list'
import { ReportList } from './report-list'

/** For who runs the server: what was reported in any room, and about anybody at large. */
export function ServerReports() {
  const [which, setWhich] = useState<Which>('open')
  const list = (one: Which) => (
    <div className="pt-4">
      <ReportList roomId={null} which={one} />
    </div>
  )
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted">{m.admin_reports_lead()}</p>
      <Tabs
        label={m.life_reports()}
        value={which}
        onChange={setWhich}
        tabs={[
          { value: 'open', label: m.admin_reports_open(), content: list('open') },
          { value: 'decided', label: m.admin_reports_decided(), content: list('decided') },
        ]}
      />
    </div>
  )
}

export function ServerAudit() {
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted">{m.admin_audit_lead()}</p>
      <AuditList roomId={null} />
    </div>
  )
}
