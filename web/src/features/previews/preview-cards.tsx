import { XIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { usePreferences } from '@/lib/preferences'
import type { RowPart } from '@/lib/row-parts'
import { IconButton } from '@/ui/IconButton'
import { toast } from '@/ui/toasts'
import type { LinkPreview } from '@/wire/previews'

/** What the links of a message lead to. Their places have the size that the server told: nothing
 * jumps when a picture arrives. */
export function PreviewCards({ message, myId, rights }: RowPart) {
  const shown = usePreferences((state) => state.linkPreviews)
  if (!shown || message.previews.length === 0 || message.body.kind !== 'text') return null
  const dismiss = async () => {
    try {
      await http('DELETE', `rooms/${message.room_id}/messages/${message.id}/previews`)
    } catch (error) {
      toast(errorText(error), { tone: 'danger' })
    }
  }
  const mayDismiss = message.author_id === myId ? rights.delete : rights.delete_any
  return (
    <div className="my-1 flex max-w-lg flex-col gap-1.5">
      {message.previews.map((preview, index) => (
        <Card
          key={preview.url}
          preview={preview}
          {...(mayDismiss && index === 0 && { dismiss: () => void dismiss() })}
        />
      ))}
    </div>
  )
}

function Card({ preview, dismiss }: { preview: LinkPreview; dismiss?: () => void }) {
  const { url, site, title, description, image } = preview
  return (
    <div className="group/card relative flex gap-3 rounded-control border border-line bg-raised p-3">
      <div className="min-w-0 grow">
        {site && (
          <p className="truncate text-caption text-muted" dir="auto">
            {site}
          </p>
        )}
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="line-clamp-2 font-semibold text-accent-ink after:absolute after:inset-0 hover:underline"
          dir="auto"
        >
          {title || url}
        </a>
        {description && (
          <p className="mt-0.5 line-clamp-2 text-small text-muted" dir="auto">
            {description}
          </p>
        )}
      </div>
      {image && (
        <img
          src={`/api/v1/previews/${image.id}/image`}
          width={image.width}
          height={image.height}
          alt=""
          loading="lazy"
          className="size-18 shrink-0 rounded-small bg-sunken object-cover"
        />
      )}
      {dismiss && (
        <span className="absolute -end-2 -top-2 z-10 rounded-full bg-raised opacity-0 shadow-low focus-within:opacity-100 group-hover/card:opacity-100 coarse:opacity-100">
          <IconButton
            size="small"
            label={m.messages_preview_dismiss()}
            icon={<XIcon aria-hidden="true" />}
            onClick={dismiss}
          />
        </span>
      )}
    </div>
  )
}
