/** Where the bytes of a file are to be had, by session: `original`, or a rendition's name. */
export const contentUrl = (roomId: string, fileId: string, name = 'original'): string =>
  `/api/v1/rooms/${roomId}/files/${fileId}/content/${name}`
