import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface TabsProps<Name extends string> {
  label: string
  value: Name
  onChange: (value: Name) => void
  tabs: readonly { value: Name; label: string; content: ReactNode }[]
}

export function Tabs<Name extends string>({ label, value, onChange, tabs }: TabsProps<Name>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as Name)}
      className="flex min-h-0 flex-col"
    >
      <Radix.List aria-label={label} className="flex gap-1 border-b border-line px-4">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px min-h-(--control) border-b-2 border-transparent px-3 text-small font-semibold text-muted transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="min-h-0 grow overflow-y-auto">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
