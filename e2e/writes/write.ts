/** A write of the API with a body that it accepts. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly good: object;
  readonly optional: readonly string[];
  /** Fields that may be null. */
  readonly nullable?: readonly string[];
  /** All is said by its address; of a `DELETE` it always is. */
  readonly isBare?: true;
}

type Making = (path: string, good: object, optional?: readonly string[]) => Write;
const by =
  (method: string): Making =>
  (path, good, optional = []) => ({ method, path, good, optional });

export const post = by('POST');
export const put = by('PUT');
export const patch = by('PATCH');
export const remove = (path: string): Write => by('DELETE')(path, {});

/** Whether it has no body. */
export const isBare = (write: Write): boolean => write.isBare === true || write.method === 'DELETE';
