import { useId } from 'react'

export interface HueSliderProps {
  label: string
  /** Degrees, 0–359. */
  value: number
  onChange: (value: number) => void
  /** Once, when the hand lets go. */
  onCommit: (value: number) => void
}

export function HueSlider({ label, value, onChange, onCommit }: HueSliderProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="text-small font-semibold">
        {label}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={359}
        step={1}
        dir="ltr"
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onPointerUp={(event) => onCommit(event.currentTarget.valueAsNumber)}
        onKeyUp={(event) => onCommit(event.currentTarget.valueAsNumber)}
        onBlur={(event) => onCommit(event.currentTarget.valueAsNumber)}
        className="hue-track h-(--control-small) w-full max-w-md cursor-pointer appearance-none bg-transparent"
      />
    </div>
  )
}
