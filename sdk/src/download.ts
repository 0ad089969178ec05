/** A file that the API made: a statement, a page to print, figures. */
export interface Download {
  /** As the server calls it; undefined where it does not. */
  readonly filename: string | undefined;
  /** `text/csv; charset=utf-8` */
  readonly type: string;
  readonly blob: Blob;
}

/** The same while it still arrives: for files that are too large to be held. */
export interface LiveDownload {
  readonly filename: string | undefined;
  readonly type: string;
  /** Fails when the connection breaks; cancel it when you need no more. */
  readonly stream: ReadableStream<Uint8Array>;
}

export async function readDownload(response: Response): Promise<Download> {
  return { ...labelOf(response), blob: await response.blob() };
}

export async function readLiveDownload(response: Response): Promise<LiveDownload> {
  return { ...labelOf(response), stream: response.body ?? new Blob([]).stream() };
}

function labelOf({ headers }: Response) {
  const disposition = headers.get('content-disposition') ?? '';
  // RFC 6266: `filename*` is the better one where there are both.
  const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]*)"/i.exec(disposition)?.[1];
  return {
    filename: encoded === undefined ? plain : decodeURIComponent(encoded),
    type: headers.get('content-type') ?? 'application/octet-stream',
  };
}
