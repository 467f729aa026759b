import { ArrowDownIcon, ArrowUpIcon, Trash2Icon } from 'lucide-react'
import { useId, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { uuid7 } from '@/lib/uuid7'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { IconButton } from '@/ui/IconButton'
import { TextField } from '@/ui/TextField'
import type { Section } from '@/wire/preferences'
import type { RoomSnapshot } from '@/wire/sync'
import { arrange, changePreferences } from './preferences-api'

interface MoveDialogProps {
  room: RoomSnapshot
  title: string
  onClose: () => void
}

/** Where a room stands in my list, and which headings there are. */
export function MoveDialog({ room, title, onClose }: MoveDialogProps) {
  const sections = useSync((state) => state.own.arrangement.sections)
  const chosen = sections.some((one) => one.id === room.me.preferences.section_id)
    ? room.me.preferences.section_id
    : null
  const choose = (sectionId: string | null) =>
    void changePreferences(room.room.id, { section_id: sectionId })
  const swap = (index: number, step: 1 | -1) => {
    const next = [...sections]
    const [one, other] = [next[index], next[index + step]]
    if (!one || !other) return
    next[index] = other
    next[index + step] = one
    void arrange({ sections: next })
  }
  const name = useId()
  return (
    <Dialog
      size="small"
      title={m.life_sections_title({ room: title })}
      onClose={onClose}
      footer={
        <Button tone="primary" onClick={onClose}>
          {m.life_done()}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <fieldset className="flex flex-col">
          <legend className="sr-only">{m.life_sections_title({ room: title })}</legend>
          <Choice name={name} checked={chosen === null} onChoose={() => choose(null)}>
            {m.life_section_none()}
          </Choice>
          {sections.map((section, index) => (
            <div key={section.id} className="flex items-center gap-1">
              <Choice
                name={name}
                checked={chosen === section.id}
                onChoose={() => choose(section.id)}
              >
                {section.name}
              </Choice>
              <IconButton
                size="small"
                disabled={index === 0}
                label={m.life_section_up({ name: section.name })}
                icon={<ArrowUpIcon aria-hidden="true" />}
                onClick={() => swap(index, -1)}
              />
              <IconButton
                size="small"
                disabled={index === sections.length - 1}
                label={m.life_section_down({ name: section.name })}
                icon={<ArrowDownIcon aria-hidden="true" />}
                onClick={() => swap(index, 1)}
              />
              <IconButton
                size="small"
                label={m.life_section_remove({ name: section.name })}
                icon={<Trash2Icon aria-hidden="true" />}
                onClick={() => void arrange({ sections: sections.filter((s) => s !== section) })}
              />
            </div>
          ))}
        </fieldset>
        <NewSection sections={sections} made={choose} />
      </div>
    </Dialog>
  )
}

interface ChoiceProps {
  name: string
  checked: boolean
  onChoose: () => void
  children: string
}

function Choice({ name, checked, onChoose, children }: ChoiceProps) {
  return (
    <label className="flex min-h-11 min-w-0 grow cursor-pointer items-center gap-3 rounded-control px-2 hover:bg-hover">
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChoose}
        className="size-4.5 accent-(--accent)"
      />
      <span className="truncate" dir="auto">
        {children}
      </span>
    </label>
  )
}

function NewSection({
  sections,
  made,
}: {
  sections: readonly Section[]
  made: (id: string) => void
}) {
  const [name, setName] = useState('')
  const add = async () => {
    const section = { id: uuid7(), name: name.trim() }
    if (section.name === '') return
    if (await arrange({ sections: [...sections, section] })) {
      setName('')
      made(section.id)
    }
  }
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <TextField
        className="grow"
        label={m.life_section_new()}
        value={name}
        maxLength={40}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit">{m.life_section_add()}</Button>
    </form>
  )
}
