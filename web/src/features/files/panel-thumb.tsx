import { useMemo, useState } from 'react'
import { sourcesOf } from './picture-source'
import { placeholderUrl } from './placeholder'
import type { Picture } from './sorting'

/** A picture, small and square; what stands beside it names it. */
export function PanelThumb({ file, px = 40 }: { file: Picture['file']; px?: number }) {
  const [come, setCome] = useState(false)
  const placeholder = useMemo(() => placeholderUrl(file.look.placeholder), [file.look.placeholder])
  const { better, srcSet, src } = sourcesOf({ file, alt: '' })
  const sizes = `${px}px`
  return (
    <span
      className="block size-full bg-cover bg-center"
      style={placeholder && !come ? { backgroundImage: `url(${placeholder})` } : undefined}
    >
      <picture>
        {better.map((one) => (
          <source key={one.type} type={one.type} srcSet={one.srcSet} sizes={sizes} />
        ))}
        <img
          src={src}
          {...(srcSet && { srcSet, sizes })}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setCome(true)}
          className="size-full object-cover"
        />
      </picture>
    </span>
  )
}
