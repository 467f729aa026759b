import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { PanelProps } from '@/lib/room-parts'
import { PanelHead } from '@/ui/PanelHead'
import { Tabs } from '@/ui/Tabs'
import { AuditList } from './audit-list'
import { ReportList } from './report-list'

type Tab = 'reports' | 'audit'

/** What members reported here, and what those who keep order did. */
export function ModerationPanel({ roomId, close }: PanelProps) {
  const [tab, setTab] = useState<Tab>('reports')
  return (
    <>
      <PanelHead title={m.life_moderation()} close={close} />
      <div className="flex min-h-0 grow flex-col">
        <Tabs
          label={m.life_moderation()}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              value: 'reports',
              label: m.life_reports(),
              content: (
                <div className="p-4">
                  <ReportList roomId={roomId} which="open" />
                </div>
              ),
            },
            {
              value: 'audit',
              label: m.life_audit(),
              content: (
                <div className="p-4">
                  <AuditList roomId={roomId} />
                </div>
              ),
            },
          ]}
        />
      </div>
    </>
  )
}
